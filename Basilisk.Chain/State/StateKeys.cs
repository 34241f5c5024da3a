using System.Buffers.Binary;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>
/// Where things lie in the state: Keccak-256 of one tag byte and the identity (integers big-endian, 8 bytes), so that
/// keys are spread evenly and no one can choose two that collide for long.
/// </summary>
public static class StateKeys
{
    private const byte ChainTag = 0;
    private const byte AccountTag = 1;
    private const byte RewardTag = 2;
    private const byte UnitTag = 3;
    private const byte HeightTag = 4;
    private const byte CommitTag = 5;
    private const byte RevealTag = 6;

    /// <summary>The one <see cref="ChainRecord"/>.</summary>
    public static Hash256 Chain { get; } = Keccak256.Hash([ChainTag]);

    /// <summary>An <see cref="Account"/>.</summary>
    public static Hash256 Account(Address address) => OfAddress(AccountTag, address, []);

    /// <summary>A place in an account's queue of pending rewards: the <see cref="PendingReward"/> it holds.</summary>
    public static Hash256 Reward(Address address, ulong place)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, place);
        return OfAddress(RewardTag, address, bytes);
    }

    /// <summary>A <see cref="WorkUnit"/> by the hash of the block that drew it.</summary>
    public static Hash256 Unit(Hash256 unit)
    {
        Span<byte> bytes = stackalloc byte[1 + Hash256.Size];
        bytes[0] = UnitTag;
        unit.CopyTo(bytes[1..]);
        return Keccak256.Hash(bytes);
    }

    /// <summary>The hash of the unit drawn at a height, while the unit lives.</summary>
    public static Hash256 UnitAt(ulong height) => OfNumber(HeightTag, height);

    /// <summary>The unit of this round's n-th commitment.</summary>
    public static Hash256 Commit(ulong index) => OfNumber(CommitTag, index);

    /// <summary>The unit of this round's n-th reveal.</summary>
    public static Hash256 Reveal(ulong index) => OfNumber(RevealTag, index);

    private static Hash256 OfAddress(byte tag, Address address, ReadOnlySpan<byte> rest)
    {
        Span<byte> bytes = stackalloc byte[1 + Address.Size];
        bytes[0] = tag;
        address.CopyTo(bytes[1..]);
        return Keccak256.HashJoined(bytes, rest);
    }

    private static Hash256 OfNumber(byte tag, ulong number)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = tag;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], number);
        return Keccak256.Hash(bytes);
    }
}
