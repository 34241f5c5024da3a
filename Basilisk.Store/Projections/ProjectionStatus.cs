namespace Basilisk.Store.Projections;

/// <summary>How a projection is doing.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Version">Its version in this program.</param>
/// <param name="Position">Every event up to this sequence is in its documents.</param>
/// <param name="HighWater">The store's high-water mark; equal to the position when it has caught up.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Error">Why it failed or waits; null otherwise.</param>
public sealed record ProjectionStatus(
    string Name, int Version, long Position, long HighWater, ProjectionState State, string? Error = null);
