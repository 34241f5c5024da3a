namespace Basilisk.Exact.Batches;

/// <summary>A part of the corpus holds fewer tokens than a batch needs.</summary>
public sealed class CorpusTooSmallException(string part, long tokens, long needed)
    : Exception($"The corpus' {part} part has {tokens} tokens, but {needed} are needed: add text, or lower the batch size or the window length.")
{
    public string Part { get; } = part;

    public long Tokens { get; } = tokens;

    public long Needed { get; } = needed;
}
