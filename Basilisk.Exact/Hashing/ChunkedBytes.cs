namespace Basilisk.Exact.Hashing;

/// <summary>
/// Long canonical bytes are cut into chunks of 64 KiB (the last may be shorter); their Merkle root names them, so that a
/// receiver can check each chunk on its own. 64 KiB keeps a proof of 10 M weights at ten hashes and a bad peer's waste small.
/// </summary>
public static class ChunkedBytes
{
    /// <summary>Bytes per chunk.</summary>
    public const int ChunkSize = 64 * 1024;

    public static int ChunkCount(long totalBytes) => checked((int)((totalBytes + ChunkSize - 1) / ChunkSize));

    /// <summary>Bytes of one chunk of a total.</summary>
    public static int ChunkLength(long totalBytes, int chunk) => (int)Math.Min(ChunkSize, totalBytes - ((long)chunk * ChunkSize));

    /// <summary>Fills a destination with the bytes from an offset.</summary>
    public delegate void Fill(long offset, Span<byte> destination);

    /// <summary>The tree over the chunks of bytes that need not exist all at once.</summary>
    public static MerkleTree Tree(long totalBytes, Fill fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        var leaves = new Hash256[ChunkCount(totalBytes)];
        var buffer = new byte[ChunkSize];
        for (int i = 0; i < leaves.Length; i++)
        {
            Span<byte> chunk = buffer.AsSpan(0, ChunkLength(totalBytes, i));
            fill((long)i * ChunkSize, chunk);
            leaves[i] = MerkleTree.LeafHash(chunk);
        }

        return new MerkleTree(leaves);
    }
}
