namespace Basilisk.Store.Projections;

/// <summary>A row of <c>mt_event_progression</c>.</summary>
/// <param name="Name">The projection.</param>
/// <param name="Version">Version of the projection that wrote its documents.</param>
/// <param name="Sequence">Every event up to here is in them.</param>
public sealed record ProjectionPosition(string Name, int Version, long Sequence);
