namespace Basilisk.Store.Events;

/// <summary>An event to append.</summary>
/// <param name="Type">Stable name of the event, 1 to 500 bytes of UTF-8, e.g. <c>block_connected</c>.</param>
/// <param name="Json">One JSON value; keep it small and put bulk into a <see cref="NewBlob"/>.</param>
/// <param name="DotnetType">The type a Marten reader would deserialize to, or null.</param>
public sealed record NewEvent(string Type, string Json, string? DotnetType = null);
