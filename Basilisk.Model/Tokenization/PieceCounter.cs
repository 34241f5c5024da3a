using System.Diagnostics.CodeAnalysis;
using System.Text;
using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Tokenization;

/// <summary>Counts how often each piece of the pre-splitter occurs in a corpus; merges are learned from that alone.</summary>
internal sealed class PieceCounter
{
    private readonly Dictionary<byte[], long> _counts = new(new PieceComparer());
    private byte[] _buffer = new byte[4096];

    public IReadOnlyDictionary<byte[], long> Counts => _counts;

    public void Add(string text)
    {
        int needed = Encoding.UTF8.GetByteCount(text);
        if (_buffer.Length < needed)
        {
            _buffer = new byte[Math.Max(needed, (int)Math.Min(2L * _buffer.Length, Array.MaxLength))];
        }

        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, _buffer));
        var lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();
        for (int start = 0; start < bytes.Length;)
        {
            int end = PreSplitter.PieceEnd(bytes, start);
            ReadOnlySpan<byte> piece = bytes[start..end];
            if (piece.Length > 1)
            {
                lookup[piece] = lookup.TryGetValue(piece, out long count) ? count + 1 : 1;
            }

            start = end;
        }
    }

    private sealed class PieceComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
