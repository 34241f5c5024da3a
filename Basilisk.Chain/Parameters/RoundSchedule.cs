namespace Basilisk.Chain.Parameters;

/// <summary>What a height is for.</summary>
public enum RoundPhase
{
    /// <summary>Units are trained and commitments sent.</summary>
    Train,

    /// <summary>Payloads are revealed; nothing may be committed any more.</summary>
    Reveal,

    /// <summary>Nodes judge; the last height carries the result.</summary>
    Judge,
}

/// <summary>
/// How heights are cut into rounds. Height h lies in round h / R at position h mod R; the first
/// <see cref="Train"/> positions train, the next <see cref="Reveal"/> reveal, the last <see cref="Judge"/> judge.
/// Genesis is height 0 of round 0. All times are heights: there is no other clock.
/// </summary>
/// <param name="Train">Heights of the train phase, ≥ 1 (the genesis height counts as one).</param>
/// <param name="Reveal">Heights of the reveal phase, ≥ 1.</param>
/// <param name="Judge">Heights of the judge phase, ≥ 1.</param>
/// <param name="UnitLifetime">E: a unit drawn in round r is open, and its reward releasable, in rounds r … r + E − 1.</param>
public sealed record RoundSchedule(uint Train, uint Reveal, uint Judge, uint UnitLifetime)
{
    /// <summary>R, heights per round.</summary>
    public uint Length => Train + Reveal + Judge;

    public ulong RoundOf(ulong height) => height / Length;

    /// <summary>0 … R − 1.</summary>
    public uint PositionOf(ulong height) => (uint)(height % Length);

    public RoundPhase PhaseOf(ulong height)
    {
        uint position = PositionOf(height);
        if (position < Train)
        {
            return RoundPhase.Train;
        }

        return position < Train + Reveal ? RoundPhase.Reveal : RoundPhase.Judge;
    }

    public ulong FirstHeightOf(ulong round) => round * Length;

    public ulong LastHeightOf(ulong round) => (round * Length) + Length - 1;

    /// <summary>First height of the round's reveal phase.</summary>
    public ulong FirstRevealHeightOf(ulong round) => FirstHeightOf(round) + Train;

    /// <summary>Last height of the round's reveal phase: its hash completes the evaluation seed.</summary>
    public ulong LastRevealHeightOf(ulong round) => FirstHeightOf(round) + Train + Reveal - 1;

    /// <summary>Whether the block of this height carries its round's result.</summary>
    public bool IsLastOfRound(ulong height) => PositionOf(height) == Length - 1;

    /// <summary>Last round in which a unit drawn at this height can be committed and its reward released.</summary>
    public ulong ExpiryRoundOf(ulong height) => RoundOf(height) + UnitLifetime - 1;

    /// <summary>The round whose units end with this round, or null while none is that old.</summary>
    public ulong? RoundExpiringAfter(ulong round) => round + 1 >= UnitLifetime ? round + 1 - UnitLifetime : null;
}
