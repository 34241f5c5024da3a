using System.Buffers.Binary;
using System.Collections.Immutable;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Snapshots;

/// <summary>
/// The byte form of a view: RLP [version, block hash, state, [[round, C_r, [payload hash…]]…], [checkpoint…], [gain, credit, settled rounds, first and
/// present holdout loss, last result, rewards it released]]. Signed numbers are big-endian of fixed width; what is not known is empty.
/// </summary>
public static class SnapshotCodec
{
    private const ulong Version = 1;
    private const int Int128Size = 16;

    public static byte[] Encode(ChainView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        byte[] state = StateTreeCodec.Encode(view.State.Entries);
        var rlp = new RlpWriter(state.Length + 4096);
        rlp.BeginList().Write(Version).Write(view.Hash).Write(state);
        Write(rlp, view.Trail);
        Write(rlp, view.Totals);
        return rlp.EndList().ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; refuses anything else, and a state that is not the one in the header.</summary>
    /// <param name="bytes">The view.</param>
    /// <param name="parameters">The network.</param>
    /// <param name="head">The block that the view belongs to.</param>
    public static Verdict<ChainView> Decode(ReadOnlySpan<byte> bytes, NetworkParameters parameters, ChainHead head)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(head);
        var rlp = new RlpReader(bytes);
        rlp.EnterList("snapshot");
        ulong version = rlp.ReadUInt64("version");
        if (!rlp.Failed && version != Version)
        {
            rlp.Refuse(SnapshotTokens.VersionUnknown, "version", "is not one that this program reads", (long)version, (long)Version);
        }

        Hash256 block = rlp.ReadHash("block");
        if (!rlp.Failed && block != head.Hash)
        {
            rlp.Refuse(SnapshotTokens.BlockMismatch, "block", $"is {block}, not {head.Hash}");
        }

        ReadOnlySpan<byte> state = rlp.ReadBytes(field: "state");
        RoundTrail trail = ReadTrail(ref rlp, (int)Math.Min(int.MaxValue, parameters.Caps.ContributionsPerRound));
        ChainTotals totals = ReadTotals(ref rlp, (int)parameters.Caps.ContributionsPerRound);
        rlp.LeaveList("snapshot");
        rlp.End();
        if (rlp.Refusal is { } refusal)
        {
            return refusal;
        }

        if (!StateTreeCodec.Decode(state).TryGet(out StateTree? tree, out Refusal? stateRefusal))
        {
            return stateRefusal;
        }

        return tree.Root == head.Header.StateRoot
            ? new ChainView(new ChainState(parameters, head, tree), trail, totals)
            : new Refusal(RefusalKind.State, Tokens.StateRootMismatch, $"The state's root is {tree.Root}; block {head.Height} says {head.Header.StateRoot}.");
    }

    private static void Write(RlpWriter rlp, RoundTrail trail)
    {
        rlp.BeginList();
        foreach (EndedRound round in trail.Ended)
        {
            rlp.BeginList().Write(round.Round).Write(round.ModelRoot).BeginList();
            foreach (Hash256 payload in round.Payloads)
            {
                rlp.Write(payload);
            }

            rlp.EndList().EndList();
        }

        rlp.EndList().BeginList();
        foreach (Hash256 checkpoint in trail.Lineage)
        {
            rlp.Write(checkpoint);
        }

        rlp.EndList();
    }

    private static RoundTrail ReadTrail(ref RlpReader rlp, int payloadCap)
    {
        ImmutableArray<EndedRound>.Builder ended = ImmutableArray.CreateBuilder<EndedRound>();
        rlp.EnterList("trail");
        while (rlp.HasMore && ended.Count < SettlementParameters.MaxPast)
        {
            rlp.EnterList("round");
            ulong round = rlp.ReadUInt64("round");
            Hash256 model = rlp.ReadHash("model root");
            ImmutableArray<Hash256>.Builder payloads = ImmutableArray.CreateBuilder<Hash256>();
            rlp.EnterList("payloads");
            while (rlp.HasMore && payloads.Count < payloadCap)
            {
                payloads.Add(rlp.ReadHash("payload"));
            }

            rlp.LeaveList("payloads");
            rlp.LeaveList("round");
            ended.Add(new EndedRound(round, model, payloads.ToImmutable()));
        }

        rlp.LeaveList("trail");
        rlp.EnterList("lineage");
        ImmutableArray<Hash256>.Builder lineage = ImmutableArray.CreateBuilder<Hash256>();
        while (rlp.HasMore && lineage.Count < RoundTrail.MostLineage)
        {
            lineage.Add(rlp.ReadHash("checkpoint"));
        }

        rlp.LeaveList("lineage");
        return new RoundTrail(ended.ToImmutable()) { Lineage = lineage.ToImmutable() };
    }

    private static void Write(RlpWriter rlp, ChainTotals totals)
    {
        rlp.BeginList();
        Write(rlp, totals.Gain);
        Write(rlp, totals.Credit);
        rlp.Write((ulong)totals.Settled);
        Write(rlp, totals.HoldoutFirst);
        Write(rlp, totals.HoldoutNow);
        rlp.Write(totals.LastOutcome is { } outcome ? RoundOutcomeCodec.Encode(outcome) : []);
        rlp.Write((ulong)totals.LastReleased).EndList();
    }

    private static ChainTotals ReadTotals(ref RlpReader rlp, int contributionCap)
    {
        rlp.EnterList("totals");
        Int128 gain = ReadInt128(ref rlp, "gain");
        Int128 credit = ReadInt128(ref rlp, "credit");
        ulong settled = rlp.ReadUInt64("settled rounds");
        long? first = ReadLoss(ref rlp, "first holdout loss");
        long? now = ReadLoss(ref rlp, "holdout loss");
        ReadOnlySpan<byte> encoded = rlp.ReadBytes(field: "last result");
        RoundOutcome? outcome = null;
        if (!encoded.IsEmpty && !RoundOutcomeCodec.Decode(encoded, contributionCap).TryGet(out outcome, out Refusal? refusal))
        {
            rlp.Refuse(refusal.Token, "last result", refusal.Detail, refusal.Seen, refusal.Allowed);
        }

        uint released = rlp.ReadUInt32("released");
        rlp.LeaveList("totals");
        return new ChainTotals(gain, credit, (long)settled, first, now, outcome, (int)released);
    }

    private static void Write(RlpWriter rlp, Int128 value)
    {
        Span<byte> bytes = stackalloc byte[Int128Size];
        BinaryPrimitives.WriteInt128BigEndian(bytes, value);
        rlp.Write(bytes);
    }

    private static void Write(RlpWriter rlp, long? value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value ?? 0);
        rlp.Write(value is null ? [] : bytes);
    }

    private static Int128 ReadInt128(ref RlpReader rlp, string field)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadExactly(Int128Size, field);
        return rlp.Failed ? 0 : BinaryPrimitives.ReadInt128BigEndian(bytes);
    }

    private static long? ReadLoss(ref RlpReader rlp, string field)
    {
        ReadOnlySpan<byte> bytes = rlp.ReadBytes(sizeof(long), field);
        if (!rlp.Failed && bytes.Length is not (0 or sizeof(long)))
        {
            rlp.Refuse(RlpToken.WrongLength, field, "has neither 0 nor 8 bytes", bytes.Length, sizeof(long));
        }

        return rlp.Failed || bytes.IsEmpty ? null : BinaryPrimitives.ReadInt64BigEndian(bytes);
    }
}
