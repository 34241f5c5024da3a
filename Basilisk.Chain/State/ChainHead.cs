using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>A header and what the rules of the next header need to know of those before it.</summary>
/// <param name="Header">The header.</param>
/// <param name="RecentTimes">Times of the last (at most 11) headers, this one's last; Unix seconds.</param>
/// <param name="TotalWork">Expected hashes of the whole chain up to here, genesis not counted.</param>
/// <param name="Clock">Latest time and idle time, for the schedule of targets.</param>
public sealed record ChainHead(BlockHeader Header, ImmutableArray<ulong> RecentTimes, UInt256 TotalWork, ChainClock Clock)
{
    public Hash256 Hash => Header.Hash;

    public ulong Height => Header.Height;

    /// <summary>The chain of genesis alone.</summary>
    public static ChainHead Genesis(BlockHeader genesis) => new(genesis, [genesis.Time], UInt256.Zero, ChainClock.Genesis(genesis.Time));

    /// <summary>The least time the next header may have, Unix seconds.</summary>
    public ulong EarliestNextTime => TimeRules.EarliestNext(RecentTimes);

    /// <summary>The target the next header must carry.</summary>
    public CompactTarget NextTarget(NetworkParameters parameters) => Asert.Next(parameters, Height, Clock.Scheduled);

    /// <summary>The chain with one more header. Checks nothing but that it follows.</summary>
    /// <param name="header">The next header.</param>
    /// <param name="difficulty">Holds the half-life, above which a gap counts as idle time.</param>
    /// <exception cref="ArgumentException">The header names another parent.</exception>
    public ChainHead Extend(BlockHeader header, DifficultyParameters difficulty)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(difficulty);
        if (header.ParentHash != Hash)
        {
            throw new ArgumentException($"Header {header.Hash} follows {header.ParentHash}, not {Hash}.", nameof(header));
        }

        return new ChainHead(
            header,
            TimeRules.Append(RecentTimes, header.Time),
            TotalWork + Work.Of(header.Target),
            Clock.Next(header.Time, difficulty.HalfLife));
    }

    public bool Equals(ChainHead? other) => other is not null && Hash == other.Hash;

    public override int GetHashCode() => Hash.GetHashCode();

    internal void Write(RlpWriter rlp)
    {
        rlp.BeginList().Write(Header.Encode()).Write(TotalWork).Write(Clock.Latest).Write(Clock.Idle).BeginList();
        foreach (ulong time in RecentTimes)
        {
            rlp.Write(time);
        }

        rlp.EndList().EndList();
    }

    /// <summary>Null where the reader has failed.</summary>
    internal static ChainHead? Read(ref RlpReader rlp)
    {
        rlp.EnterList("tip");
        ReadOnlySpan<byte> bytes = rlp.ReadExactly(BlockHeader.Size, "header");
        BlockHeader? header = null;
        if (!rlp.Failed && !HeaderCodec.Decode(bytes).TryGet(out header, out Refusals.Refusal? refusal))
        {
            rlp.Refuse(refusal.Token, "header", refusal.Detail);
        }

        UInt256 work = rlp.ReadUInt256("total work");
        var clock = new ChainClock(rlp.ReadUInt64("latest time"), rlp.ReadUInt64("idle time"));
        rlp.EnterList("recent times");
        ImmutableArray<ulong>.Builder times = ImmutableArray.CreateBuilder<ulong>(TimeRules.MedianWindow);
        while (rlp.HasMore && times.Count < TimeRules.MedianWindow)
        {
            times.Add(rlp.ReadUInt64("time"));
        }

        rlp.LeaveList("recent times");
        rlp.LeaveList("tip");
        return rlp.Failed ? null : new ChainHead(header!, times.ToImmutable(), work, clock);
    }
}
