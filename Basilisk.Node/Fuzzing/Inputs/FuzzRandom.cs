using Basilisk.Model.Inference;

namespace Basilisk.Node.Fuzzing.Inputs;

/// <summary>The dice of a run: everything follows from its seed.</summary>
public sealed class FuzzRandom(ulong seed)
{
    private SplitMix64 _source = new(seed);

    public ulong Next() => _source.Next();

    /// <summary>From 0 to below the bound; 0 where the bound is 0.</summary>
    public int Below(int bound) => bound <= 0 ? 0 : (int)(((_source.Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>True once in so many.</summary>
    public bool OneIn(int many) => Below(many) == 0;

    public byte NextByte() => (byte)_source.Next();

    public void Fill(Span<byte> bytes)
    {
        ulong bits = 0;
        for (int i = 0; i < bytes.Length; i++, bits >>= 8)
        {
            bits = (i & 7) == 0 ? _source.Next() : bits;
            bytes[i] = (byte)bits;
        }
    }

    public T Pick<T>(IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items[Below(items.Count)];
    }
}
