namespace Basilisk.Store.Projections;

/// <summary>How far a rebuild has come.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Position">Sequence reached.</param>
/// <param name="Target">High-water mark when the rebuild began.</param>
public readonly record struct RebuildProgress(string Projection, long Position, long Target);
