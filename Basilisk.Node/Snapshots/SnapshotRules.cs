using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>Where a chain may be entered by a snapshot: after the last block of a settled round that lies deep enough.</summary>
public static class SnapshotRules
{
    /// <summary>Whole rounds that lie on top: finality does not undo more settled ones, and a liar would have to mine them.</summary>
    public const ulong RoundsOnTop = 2;

    /// <summary>Heights on top of the block.</summary>
    public static ulong Depth(RoundSchedule rounds)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        return RoundsOnTop * (ulong)rounds.Length;
    }

    /// <summary>Whether a height lies deep enough below a tip.</summary>
    public static bool IsDeep(RoundSchedule rounds, ulong height, ulong tip) => tip >= Depth(rounds) && height <= tip - Depth(rounds);

    /// <summary>Whether a header is the last of a round that moved the model.</summary>
    public static bool EndsSettledRound(RoundSchedule rounds, BlockHeader parent, BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(rounds);
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(header);
        return rounds.IsLastOfRound(header.Height) && header.ModelRoot != parent.ModelRoot;
    }

    /// <summary>Whether a view stands at the end of a round that moved the model.</summary>
    public static bool EndsSettledRound(ChainView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.State.Parameters.Rounds.IsLastOfRound(view.State.Height)
            && !view.Trail.Ended.IsEmpty
            && view.Trail.Ended[0].ModelRoot != view.State.ModelRoot;
    }
}
