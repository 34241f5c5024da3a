using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>A key as the way down the tree: bit 0 is the most significant; a set bit goes right.</summary>
internal readonly struct KeyBits
{
    private readonly Hash256 _key;
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    public KeyBits(Hash256 key)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        key.CopyTo(bytes);
        _key = key;
        _high = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    public bool this[int depth] => ((depth < 128 ? _high >> (127 - depth) : _low >> (255 - depth)) & UInt128.One) != UInt128.Zero;

    public bool IsKey(Hash256 other) => _key == other;
}
