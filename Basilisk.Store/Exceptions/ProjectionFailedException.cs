namespace Basilisk.Store;

/// <summary>A projection threw. Its documents and its position are as they were before the page it failed on.</summary>
public sealed class ProjectionFailedException(string projection, long sequence, string eventType, Exception inner)
    : StoreException(
        $"Projection '{projection}' failed at sequence {sequence} ({eventType}): {inner.Message} It stays at the event before; correct the projection, raise its version, and start again.", inner)
{
    public string Projection { get; } = projection;

    /// <summary>Sequence of the event it was applying: the first of the page unless the projection said where it was.</summary>
    public long Sequence { get; } = sequence;

    public string EventType { get; } = eventType;
}
