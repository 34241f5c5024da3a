namespace Basilisk.Store.Events;

/// <summary>An event as it was stored: one row of <c>mt_events</c>.</summary>
/// <param name="Sequence">Position over all streams (<c>seq_id</c>).</param>
/// <param name="Id">Unique id, a version 7 UUID.</param>
/// <param name="Stream">The stream (<c>stream_id</c>).</param>
/// <param name="Version">Position in the stream, from 1.</param>
/// <param name="Type">Stable name of the event.</param>
/// <param name="Json">The JSON value, equal in meaning to what was appended (<c>data</c>).</param>
/// <param name="Timestamp">When it was appended by the writer's clock, UTC, microseconds.</param>
/// <param name="DotnetType">What the writer gave (<c>mt_dotnet_type</c>).</param>
public sealed record StoredEvent(
    long Sequence, Guid Id, string Stream, long Version, string Type, string Json, DateTimeOffset Timestamp, string? DotnetType);
