namespace Basilisk.Contracts;

/// <summary>One page of a list read by key, newest first.</summary>
/// <param name="Items">At most the number asked for.</param>
/// <param name="Next">Pass as <c>before</c> to read on; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
