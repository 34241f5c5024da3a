namespace Basilisk.Node.Sieges;

/// <summary>One way to be hostile.</summary>
/// <param name="Name">As the command line names it.</param>
/// <param name="What">In a sentence.</param>
/// <param name="AnsweredBy">Tokens of refusals and bans, any of which says that the node noticed; none where what bounds the attack refuses nobody.</param>
/// <param name="TryAsync">One attempt of one attacker, from its connection to its end; the reason that the node gave for ending it, or null where none was waited for.</param>
internal sealed record Attack(string Name, string What, IReadOnlyList<string> AnsweredBy, Func<SiegeTarget, CancellationToken, Task<string?>> TryAsync)
{
    /// <summary>Attackers without whom it is none.</summary>
    public int AtLeast { get; init; } = 1;
}
