namespace Basilisk.Node.Fuzzing.Inputs;

/// <summary>Bytes being changed; used again for every case, so that a run measures the decoder's memory and not its own.</summary>
public sealed class FuzzBuffer
{
    /// <summary>No input is longer.</summary>
    public const int Capacity = 256 * 1024;

    private readonly byte[] _bytes = new byte[Capacity];

    public int Length { get; private set; }

    public Span<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Adds what still fits.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Capacity - Length);
        bytes[..count].CopyTo(_bytes.AsSpan(Length));
        Length += count;
    }

    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>Puts bytes in the place of others; what does not fit falls off the end.</summary>
    public void Replace(int start, int count, ReadOnlySpan<byte> with)
    {
        int fits = Math.Min(with.Length, Capacity - start);
        int tail = Math.Min(Length - start - count, Capacity - start - fits);
        Buffer.BlockCopy(_bytes, start + count, _bytes, start + fits, tail);
        with[..fits].CopyTo(_bytes.AsSpan(start));
        Length = start + fits + tail;
    }
}
