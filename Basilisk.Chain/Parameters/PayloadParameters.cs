namespace Basilisk.Chain.Parameters;

/// <summary>Form of a payload (docs/numbers.md): chunks of 4,096 weights, the largest entries of each.</summary>
/// <param name="EntriesPerChunk">k: most entries of a chunk, 1 … 4,096.</param>
/// <param name="LevelBits">Bits of a signed level, 2 … 8.</param>
public sealed record PayloadParameters(uint EntriesPerChunk, uint LevelBits);
