using System.Buffers.Binary;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Forks;

/// <summary>
/// A header without what its place in the tree says. Roots of an empty body take no room, and what only a round's end changes is
/// shared with the header before.
/// </summary>
internal readonly struct PackedHeader
{
    // time 8 · target 4 · miner 20 · nonce 8 · state root 32 · flags 1 · [transactions root 32] · [side-car root 32] · extra data
    private const int TargetAt = 8;
    private const int MinerAt = 12;
    private const int NonceAt = 32;
    private const int StateAt = 40;
    private const int FlagsAt = 72;
    private const int FixedSize = 73;
    private const byte HasTransactions = 1;
    private const byte HasSidecar = 2;

    private readonly byte[] _bytes;
    private readonly Shared _shared;

    private PackedHeader(byte[] bytes, Shared shared)
    {
        _bytes = bytes;
        _shared = shared;
    }

    /// <summary>Unix seconds.</summary>
    public ulong Time => BinaryPrimitives.ReadUInt64BigEndian(_bytes);

    public Hash256 ModelRoot => _shared.ModelRoot;

    public static PackedHeader Pack(BlockHeader header, PackedHeader? parent)
    {
        byte flags = (byte)((header.TransactionsRoot.IsZero ? 0 : HasTransactions) | (header.SidecarRoot.IsZero ? 0 : HasSidecar));
        int roots = System.Numerics.BitOperations.PopCount(flags) * Hash256.Size;
        var bytes = new byte[FixedSize + roots + header.ExtraData.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, header.Time);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(TargetAt), header.Target.Bits);
        header.Miner.CopyTo(bytes.AsSpan(MinerAt));
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(NonceAt), header.Nonce);
        header.StateRoot.CopyTo(bytes.AsSpan(StateAt));
        bytes[FlagsAt] = flags;
        Span<byte> rest = bytes.AsSpan(FixedSize);
        rest = Put(rest, header.TransactionsRoot);
        rest = Put(rest, header.SidecarRoot);
        header.ExtraData.CopyTo(rest);
        var shared = new Shared(header.Version, header.ModelRoot, header.RoundsRoot);
        return new PackedHeader(bytes, parent is { } before && before._shared == shared ? before._shared : shared);
    }

    public BlockHeader Unpack(Hash256 hash, Hash256 parent, ulong height)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(FixedSize);
        Hash256 transactions = Take(ref rest, (_bytes[FlagsAt] & HasTransactions) != 0);
        Hash256 sidecar = Take(ref rest, (_bytes[FlagsAt] & HasSidecar) != 0);
        var header = new BlockHeader(
            _shared.Version,
            parent,
            height,
            Time,
            new CompactTarget(BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(TargetAt))),
            new Address(_bytes.AsSpan(MinerAt, Address.Size)),
            transactions,
            new Hash256(_bytes.AsSpan(StateAt, Hash256.Size)),
            _shared.ModelRoot,
            _shared.RoundsRoot,
            sidecar,
            new ExtraData(rest),
            BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(NonceAt)));
        return header.Named(hash);
    }

    private static Span<byte> Put(Span<byte> rest, Hash256 root)
    {
        if (root.IsZero)
        {
            return rest;
        }

        root.CopyTo(rest);
        return rest[Hash256.Size..];
    }

    private static Hash256 Take(ref ReadOnlySpan<byte> rest, bool isThere)
    {
        if (!isThere)
        {
            return Hash256.Zero;
        }

        var root = new Hash256(rest[..Hash256.Size]);
        rest = rest[Hash256.Size..];
        return root;
    }

    private sealed record Shared(uint Version, Hash256 ModelRoot, Hash256 RoundsRoot);
}
