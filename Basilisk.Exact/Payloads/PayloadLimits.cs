namespace Basilisk.Exact.Payloads;

/// <summary>A network's caps on payloads.</summary>
public sealed record PayloadLimits
{
    /// <param name="entriesPerChunk">Most entries of a chunk, k: 1 to 4,096.</param>
    /// <param name="levelBits">Bits of a level, b: 2 to 8. Levels are ±1 … ±2^(b−1).</param>
    public PayloadLimits(int entriesPerChunk, int levelBits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entriesPerChunk, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entriesPerChunk, PayloadCodec.ChunkWeights);
        ArgumentOutOfRangeException.ThrowIfLessThan(levelBits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levelBits, 8);
        EntriesPerChunk = entriesPerChunk;
        LevelBits = levelBits;
    }

    /// <summary>Most entries of a chunk, k.</summary>
    public int EntriesPerChunk { get; }

    /// <summary>Bits of a level, b.</summary>
    public int LevelBits { get; }

    /// <summary>Largest magnitude of a level, 2^(b−1).</summary>
    public int MaxLevel => 1 << (LevelBits - 1);

    /// <summary>Bytes of the largest payload for a model.</summary>
    public long MaxBytes(int weightCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightCount);
        int full = weightCount / PayloadCodec.ChunkWeights;
        int rest = weightCount % PayloadCodec.ChunkWeights;
        long bytes = PayloadCodec.HeaderSize + (PayloadCodec.CountSize * (long)PayloadCodec.ChunkCount(weightCount))
            + ((long)full * PayloadCodec.BlockSize(EntriesPerChunk, LevelBits));
        return bytes + PayloadCodec.BlockSize(Math.Min(rest, EntriesPerChunk), LevelBits);
    }
}
