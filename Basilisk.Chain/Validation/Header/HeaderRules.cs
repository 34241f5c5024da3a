using System.Globalization;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;

namespace Basilisk.Chain.Validation.Header;

/// <summary>A header against those before it.</summary>
public static class HeaderRules
{
    /// <summary>Parent, height, version, time and target. Null where the header passes.</summary>
    public static Refusal? Check(NetworkParameters parameters, ChainHead parent, BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(header);
        if (header.ParentHash != parent.Hash)
        {
            return Refuse(Tokens.ParentMismatch, $"The header follows {header.ParentHash}, not {parent.Hash}.");
        }

        if (header.Height != parent.Height + 1)
        {
            return Refuse(Tokens.HeightNotNext, "Heights rise by one.", header.Height, parent.Height + 1);
        }

        uint version = parameters.Forks.At(header.Height).HeaderVersion;
        if (header.Version != version)
        {
            return Refuse(Tokens.VersionMismatch, $"At this height the rules are '{parameters.Forks.At(header.Height).Name}'.", header.Version, version);
        }

        if (header.Time < parent.EarliestNextTime)
        {
            return Refuse(Tokens.TimeNotAfterMedian, "The time is not after the median of the last 11.", header.Time, parent.EarliestNextTime);
        }

        CompactTarget target = parent.NextTarget(parameters);
        return header.Target == target
            ? null
            : Refuse(Tokens.TargetMismatch, string.Create(CultureInfo.InvariantCulture, $"The target is {header.Target}; the schedule asks for {target}."));
    }

    /// <summary>
    /// The one rule that needs a clock, and so no part of a block's validity: a node does not take a block from the
    /// future, but may take it later.
    /// </summary>
    /// <param name="parameters">The network.</param>
    /// <param name="header">The header.</param>
    /// <param name="now">The node's clock, Unix seconds.</param>
    public static Refusal? CheckClock(NetworkParameters parameters, BlockHeader header, ulong now)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(header);
        uint limit = parameters.Difficulty.FutureLimit;
        return TimeRules.IsTooFarAhead(header.Time, now, limit)
            ? Refuse(Tokens.TimeTooFarAhead, "The time lies too far ahead of this node's clock.", header.Time, now + limit)
            : null;
    }

    private static Refusal Refuse(string token, string detail, ulong? seen = null, ulong? allowed = null) =>
        new(RefusalKind.Header, token, detail, (long?)seen, (long?)allowed);
}
