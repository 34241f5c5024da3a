namespace Basilisk.Node.Sieges;

/// <summary>How hard a siege is.</summary>
public sealed record SiegeOptions
{
    /// <summary>How long each attack lasts at least; it goes on until the node has answered it, for <see cref="Patience"/> at most.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an answer, a block or the honest peer is waited for beyond that.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attackers at once.</summary>
    public int Attackers { get; init; } = 100;

    /// <summary>Pause between two JSON-RPC calls of the one who measures.</summary>
    public TimeSpan CallEvery { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Keep the node's events in memory instead of in a PostgreSQL of its own.</summary>
    public bool InMemory { get; init; }
}
