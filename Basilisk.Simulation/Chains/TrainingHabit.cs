using Basilisk.Chain.Parameters;

namespace Basilisk.Simulation.Chains;

/// <summary>What a participant does with his units.</summary>
/// <param name="UnitsPerRound">Units that his machine can train in a round; fractions carry over. 0: he only mines.</param>
/// <param name="Reveals">Whether he reveals what he committed.</param>
/// <param name="Hoards">
/// Whether he saves his units until they fill a round, then commits them all in its first blocks, with one delta that he put all his
/// training into.
/// </param>
public sealed record TrainingHabit(double UnitsPerRound, bool Reveals = true, bool Hoards = false)
{
    /// <summary>Mines and never trains.</summary>
    public static TrainingHabit None { get; } = new(0);

    /// <summary>
    /// Whether contribution number <paramref name="made"/> + 1 of a round is due, as the node's trainer has it: contribution j of n at
    /// j / n of the train phase, which ends two heights early for committing.
    /// </summary>
    internal static bool IsDue(RoundSchedule rounds, ulong height, int made, int ofRound)
    {
        long last = Math.Max(1, (long)rounds.Train - 2);
        return made < ofRound && rounds.PhaseOf(height) == RoundPhase.Train && rounds.PositionOf(height) >= Math.Max(1, last * (made + 1) / ofRound);
    }
}

/// <summary>What time a miner's headers claim.</summary>
public enum TimeClaim
{
    /// <summary>His clock's.</summary>
    Honest,

    /// <summary>As far ahead as the others' clocks let through.</summary>
    Ahead,

    /// <summary>As early as the median of the last 11 allows.</summary>
    Behind,
}

/// <summary>When a miner shows his blocks.</summary>
public enum Publishing
{
    /// <summary>At once.</summary>
    Honest,

    /// <summary>By Eyal and Sirer (2013): he mines on a private branch and shows as much of it as undoes the others' work.</summary>
    Selfish,

    /// <summary>He mines on a private branch for a number of rounds and shows it whole once it has more work.</summary>
    Rewriting,
}

/// <summary>Everything that tells one participant from another.</summary>
/// <param name="HashShare">Share of all hashes.</param>
/// <param name="Training">What he does with his units.</param>
/// <param name="Time">What his headers claim.</param>
/// <param name="Publishing">When he shows his blocks.</param>
/// <param name="LinkDelay">Factor on the delay of messages to and from him.</param>
/// <param name="Clock">Seconds that his clock is ahead.</param>
public sealed record Conduct(
    double HashShare,
    TrainingHabit Training,
    TimeClaim Time = TimeClaim.Honest,
    Publishing Publishing = Publishing.Honest,
    double LinkDelay = 1,
    int Clock = 0);
