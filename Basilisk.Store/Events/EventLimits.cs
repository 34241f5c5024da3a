namespace Basilisk.Store.Events;

/// <summary>Bounds on what an append takes, checked before anything is allocated or sent; equal for every store.</summary>
public static class EventLimits
{
    /// <summary>Bytes of UTF-8. Stream names sit in a B-tree, whose entries must stay below a third of an 8 KiB page.</summary>
    public const int MaxStreamBytes = 250;

    /// <summary>Bytes of UTF-8; Marten's column is varchar(500).</summary>
    public const int MaxTypeBytes = 500;

    /// <summary>Events of one append: one statement, one transaction. Bulk goes through ImportAsync.</summary>
    public const int MaxEventsPerAppend = 10_000;

    /// <summary>PostgreSQL holds a bytea below 1 GiB; half of that leaves room for the protocol message around it.</summary>
    public const int MaxBlobBytes = 512 * 1024 * 1024;

    internal static void CheckStream(string stream) => CheckText(stream, MaxStreamBytes, nameof(stream));

    internal static void CheckEvent(NewEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        CheckText(@event.Type, MaxTypeBytes, "type");
        if (@event.DotnetType is { } dotnetType)
        {
            CheckText(dotnetType, MaxTypeBytes, "dotnetType");
        }
        JsonText.Check(@event.Json);
    }

    internal static void CheckAppend(
        string stream, long expectedVersion, IReadOnlyList<NewEvent> events, IReadOnlyList<NewBlob> blobs)
    {
        CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count is 0 or > MaxEventsPerAppend)
        {
            throw new ArgumentException(
                $"An append takes 1 to {MaxEventsPerAppend} events; got {events.Count}. Use ImportAsync for bulk.", nameof(events));
        }
        foreach (var @event in events)
        {
            CheckEvent(@event);
        }
        CheckBlobs(blobs);
    }

    internal static void CheckBlobs(IReadOnlyList<NewBlob> blobs)
    {
        foreach (var blob in blobs)
        {
            if (blob.Bytes.Length > MaxBlobBytes)
            {
                throw new ArgumentException($"Blob {blob.Key} has {blob.Bytes.Length} bytes; at most {MaxBlobBytes} are stored. Split it.");
            }
        }
    }

    internal static void CheckPage(long afterSequence, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
    }

    private static void CheckText(string text, int maxBytes, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        StoredText.Check(text, maxBytes, name);
    }

    internal static DateTimeOffset ToMicroseconds(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
