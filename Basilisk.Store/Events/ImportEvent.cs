namespace Basilisk.Store.Events;

/// <summary>An event of a bulk import.</summary>
/// <param name="Stream">The stream it continues.</param>
/// <param name="Event">What is appended.</param>
/// <param name="Timestamp">The time it carries; null for the time of the import.</param>
public sealed record ImportEvent(string Stream, NewEvent Event, DateTimeOffset? Timestamp = null);
