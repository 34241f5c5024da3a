using Basilisk.Exact.Payloads;

namespace Basilisk.Simulation.Settlement;

/// <summary>What an attack claims to be, and so what it may earn.</summary>
internal enum AttackKind
{
    /// <summary>Honest work, for comparison.</summary>
    Control,

    /// <summary>Needs no work: what everybody has, or chance. Less than 1 % of an honest share.</summary>
    Workless,

    /// <summary>One participant's work in other clothes: no more than one honest share.</summary>
    OneWork,

    /// <summary>Less work: about what it is worth.</summary>
    LessWork,

    /// <summary>Less work made as long as a whole participant's: measured, not bounded.</summary>
    Scaled,

    /// <summary>Work that harms: measured, not bounded.</summary>
    Harm,
}

/// <summary>One way to be paid more than the work is worth.</summary>
/// <param name="Name">Stable, in kebab-case.</param>
/// <param name="Kind">What it may earn.</param>
/// <param name="Send">What it reveals in a round, one delta per name it uses; none where the round cannot be attacked so.</param>
internal sealed record Attack(string Name, AttackKind Kind, Func<AttackRound, IEnumerable<SparseDelta>> Send)
{
    /// <summary>Rounds that must lie behind.</summary>
    public int Past { get; init; } = 1;

    /// <summary>Rounds after the first of the emptied ones in which it is sent, and only there; 0 for attacks on the usual run.</summary>
    public int AfterEmpty { get; init; }

    /// <summary>Rounds emptied in a row.</summary>
    public int Emptied { get; init; } = 1;

    /// <summary>Honest participants left in the round; null for all.</summary>
    public int? Beside { get; init; }
}
