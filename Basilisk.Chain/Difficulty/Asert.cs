using System.Numerics;
using Basilisk.Chain.Parameters;

namespace Basilisk.Chain.Difficulty;

/// <summary>
/// The block a schedule is counted from.
/// </summary>
/// <param name="Height">Height of the anchor block.</param>
/// <param name="ParentTime">Time of the anchor's parent, Unix seconds; genesis counts as having one, an interval earlier.</param>
/// <param name="Target">Compact target of the anchor block.</param>
public readonly record struct AsertAnchor(ulong Height, long ParentTime, CompactTarget Target);

/// <summary>
/// Difficulty by aserti3-2d (Bitcoin Cash, CHIP of 2020-11, by Mark Lundeberg and Jonathan Toomim): the target doubles
/// for each half-life that the chain is behind its schedule. A cubic stands in for 2^x, so that integers suffice.
/// </summary>
public static class Asert
{
    private const int FractionBits = 16;

    /// <summary>The target of the block after the given one.</summary>
    /// <param name="anchor">Where the schedule starts.</param>
    /// <param name="height">Height of the parent of the block whose target is asked for; not below the anchor's.</param>
    /// <param name="time">Time of that parent, Unix seconds.</param>
    /// <param name="interval">Seconds between blocks.</param>
    /// <param name="halfLife">Seconds behind schedule that double the target.</param>
    /// <param name="limit">Easiest target.</param>
    public static CompactTarget Next(AsertAnchor anchor, ulong height, ulong time, uint interval, uint halfLife, CompactTarget limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, anchor.Height);
        if (!anchor.Target.TryDecodeInteger(out BigInteger anchorTarget) || !limit.TryDecodeInteger(out BigInteger limitTarget))
        {
            throw new ArgumentException($"Anchor target {anchor.Target} or limit {limit} is not canonical.", nameof(anchor));
        }

        BigInteger behind = (BigInteger)time - anchor.ParentTime - ((BigInteger)interval * (height - anchor.Height + 1));
        BigInteger exponent = BigInteger.Divide(behind << FractionBits, halfLife); // towards zero, as the specification's C++
        BigInteger shifts = exponent >> FractionBits; // towards minus infinity
        ulong fraction = (ulong)(exponent - (shifts << FractionBits));
        if (shifts > 256)
        {
            return limit;
        }

        if (shifts < -512)
        {
            return CompactTarget.FromInteger(BigInteger.One);
        }

        BigInteger next = Shift(anchorTarget * Factor(fraction), (int)shifts - FractionBits);
        if (next.IsZero)
        {
            return CompactTarget.FromInteger(BigInteger.One);
        }

        return next > limitTarget ? limit : CompactTarget.FromInteger(next);
    }

    /// <summary>The target of the block after a parent, anchored at the network's genesis.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="parentHeight">Height of the parent.</param>
    /// <param name="scheduledTime"><see cref="ChainClock.Scheduled"/> at the parent, Unix seconds.</param>
    public static CompactTarget Next(NetworkParameters parameters, ulong parentHeight, ulong scheduledTime)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        DifficultyParameters difficulty = parameters.Difficulty;
        var anchor = new AsertAnchor(0, (long)parameters.GenesisTime - difficulty.BlockInterval, difficulty.InitialTarget);
        return Next(anchor, parentHeight, scheduledTime, difficulty.BlockInterval, difficulty.HalfLife, difficulty.LimitTarget);
    }

    /// <summary>65,536 · 2^(fraction / 65,536) by the specification's cubic; error below 0.013 %.</summary>
    private static ulong Factor(ulong fraction) =>
        65_536 + (((195_766_423_245_049 * fraction)
            + (971_821_376 * fraction * fraction)
            + (5_127 * fraction * fraction * fraction)
            + (1UL << 47)) >> 48);

    private static BigInteger Shift(BigInteger value, int places) => places < 0 ? value >> -places : value << places;
}
