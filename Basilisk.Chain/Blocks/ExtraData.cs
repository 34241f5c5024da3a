namespace Basilisk.Chain.Blocks;

/// <summary>The 0–32 bytes a miner may put into a header. A value: two with equal bytes are equal.</summary>
public readonly struct ExtraData : IEquatable<ExtraData>
{
    /// <summary>Most bytes.</summary>
    public const int MaxLength = 32;

    private readonly byte[]? _bytes;

    /// <exception cref="ArgumentException">More than 32 bytes.</exception>
    public ExtraData(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
        {
            throw new ArgumentException($"Extra data has at most {MaxLength} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _bytes = bytes.ToArray();
    }

    public static ExtraData Empty => default;

    public int Length => _bytes?.Length ?? 0;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public void CopyTo(Span<byte> destination) => Bytes.CopyTo(destination);

    public bool Equals(ExtraData other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is ExtraData other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public static bool operator ==(ExtraData left, ExtraData right) => left.Equals(right);

    public static bool operator !=(ExtraData left, ExtraData right) => !left.Equals(right);

    /// <summary>0x and hexadecimal digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(Bytes);
}
