using System.Buffers.Binary;
using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Blocks;

/// <summary>
/// A block's header: 280 bytes, integers big-endian, every field at its place (table in docs/protocol.md).
/// The hash is Keccak-256 of these bytes. Keccak absorbs 136 bytes at a time; 272 bytes of prefix are exactly two
/// blocks of the sponge, so the nonce lies alone in the third and a miner computes one permutation per try.
/// </summary>
/// <param name="Version">Rules the miner followed (<see cref="Parameters.ForkPlan"/>).</param>
/// <param name="ParentHash">Hash of the block before; zero in genesis.</param>
/// <param name="Height">Position in the chain.</param>
/// <param name="Time">Unix seconds.</param>
/// <param name="Target">What the hash may at most be.</param>
/// <param name="Miner">Who owns the unit, the pending reward and the tips.</param>
/// <param name="TransactionsRoot">Root over the transactions' hashes.</param>
/// <param name="StateRoot">Root of the state after this block.</param>
/// <param name="ModelRoot">Checkpoint in force after this block.</param>
/// <param name="RoundsRoot">Hash of the result of the last round that ended, this block's included; zero before.</param>
/// <param name="SidecarRoot">Root over the hashes of the payloads revealed here.</param>
/// <param name="ExtraData">The miner's 0–32 bytes.</param>
/// <param name="Nonce">What miners vary.</param>
public sealed record BlockHeader(
    uint Version,
    Hash256 ParentHash,
    ulong Height,
    ulong Time,
    CompactTarget Target,
    Address Miner,
    Hash256 TransactionsRoot,
    Hash256 StateRoot,
    Hash256 ModelRoot,
    Hash256 RoundsRoot,
    Hash256 SidecarRoot,
    ExtraData ExtraData,
    ulong Nonce)
{
    /// <summary>Bytes of an encoded header.</summary>
    public const int Size = 280;

    /// <summary>Bytes before the nonce.</summary>
    public const int PrefixSize = 272;

    private object? _hash; // boxed: a reference is published whole to other threads

    /// <summary>Keccak-256 of the encoded header; the block's name, and the id of the unit it draws.</summary>
    public Hash256 Hash => (Hash256)(_hash ??= Keccak256.Hash(Encode()));

    /// <summary>The 280 bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Size];
        WritePrefix(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(PrefixSize), Nonce);
        return bytes;
    }

    /// <summary>The first 272 bytes: everything but the nonce. A try hashes these and eight big-endian bytes of nonce.</summary>
    public byte[] PrefixForMining()
    {
        var bytes = new byte[PrefixSize];
        WritePrefix(bytes);
        return bytes;
    }

    // The cached hash is not part of the value; a copy made by "with" must not keep it.
    private BlockHeader(BlockHeader original)
    {
        (Version, ParentHash, Height, Time, Target, Miner) =
            (original.Version, original.ParentHash, original.Height, original.Time, original.Target, original.Miner);
        (TransactionsRoot, StateRoot, ModelRoot, RoundsRoot, SidecarRoot) =
            (original.TransactionsRoot, original.StateRoot, original.ModelRoot, original.RoundsRoot, original.SidecarRoot);
        (ExtraData, Nonce) = (original.ExtraData, original.Nonce);
    }

    /// <summary>Gives a header that was packed its hash back, which is known.</summary>
    internal BlockHeader Named(Hash256 hash)
    {
        _hash = hash;
        return this;
    }

    public bool Equals(BlockHeader? other) => other is not null && Hash == other.Hash;

    public override int GetHashCode() => Hash.GetHashCode();

    private void WritePrefix(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Version);
        ParentHash.CopyTo(bytes[4..]);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[36..], Height);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[44..], Time);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[52..], Target.Bits);
        Miner.CopyTo(bytes[56..]);
        TransactionsRoot.CopyTo(bytes[76..]);
        StateRoot.CopyTo(bytes[108..]);
        ModelRoot.CopyTo(bytes[140..]);
        RoundsRoot.CopyTo(bytes[172..]);
        SidecarRoot.CopyTo(bytes[204..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[236..], (uint)ExtraData.Length);
        ExtraData.CopyTo(bytes[240..]);
    }
}
