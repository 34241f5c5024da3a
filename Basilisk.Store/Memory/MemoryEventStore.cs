using System.Runtime.CompilerServices;
using System.Text;
using Basilisk.Store.Events;

namespace Basilisk.Store.Memory;

internal sealed class MemoryEventStore(TimeProvider time, MemoryCapacity capacity) : IEventStore
{
    private readonly Lock _lock = new();
    private readonly List<StoredEvent> _events = [];
    private readonly Dictionary<string, List<StoredEvent>> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<BlobKey, byte[]> _blobs = [];
    private TaskCompletionSource _appended = NewSignal();

    public Task<AppendResult> AppendAsync(
        string stream, long expectedVersion, IReadOnlyList<NewEvent> events, IReadOnlyList<NewBlob>? blobs = null,
        CancellationToken cancellationToken = default)
    {
        EventLimits.CheckAppend(stream, expectedVersion, events, blobs ?? []);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var actual = Version(stream);
            if (actual != expectedVersion)
            {
                throw new WrongExpectedVersionException(stream, expectedVersion, actual);
            }
            var fresh = FreshBlobs(blobs ?? []);
            capacity.Take(fresh.Sum(b => (long)b.Bytes.Length) + events.Sum(e => (long)Encoding.UTF8.GetByteCount(e.Json)));
            Insert(fresh);
            var now = EventLimits.ToMicroseconds(time.GetUtcNow());
            foreach (var @event in events)
            {
                Add(stream, @event, now);
            }
            Signal();
            return Task.FromResult(new AppendResult(expectedVersion + events.Count, _events.Count - events.Count + 1, _events.Count));
        }
    }

    public async Task<long> ImportAsync(IAsyncEnumerable<ImportEvent> events, CancellationToken cancellationToken = default)
    {
        // Gathered first, so that a source that fails half-way leaves nothing behind.
        var gathered = new List<ImportEvent>();
        await foreach (var item in events.WithCancellation(cancellationToken))
        {
            EventLimits.CheckStream(item.Stream);
            EventLimits.CheckEvent(item.Event);
            gathered.Add(item);
        }
        lock (_lock)
        {
            capacity.Take(gathered.Sum(e => (long)Encoding.UTF8.GetByteCount(e.Event.Json)));
            var now = time.GetUtcNow();
            foreach (var item in gathered)
            {
                Add(item.Stream, item.Event, EventLimits.ToMicroseconds(item.Timestamp ?? now));
            }
            Signal();
        }
        return gathered.Count;
    }

    public Task<long> StreamVersionAsync(string stream, CancellationToken cancellationToken = default)
    {
        EventLimits.CheckStream(stream);
        lock (_lock)
        {
            return Task.FromResult(Version(stream));
        }
    }

    public async IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        string stream, long fromVersion = 1, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        EventLimits.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        await Task.CompletedTask;
        for (var version = fromVersion; ; version++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            StoredEvent next;
            lock (_lock)
            {
                if (version > Version(stream))
                {
                    yield break;
                }
                next = _streams[stream][(int)version - 1];
            }
            yield return next;
        }
    }

    public Task<IReadOnlyList<StoredEvent>> ReadStreamPageAsync(
        string stream, long fromVersion, int limit, CancellationToken cancellationToken = default)
    {
        EventLimits.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        EventLimits.CheckPage(0, limit);
        lock (_lock)
        {
            var count = (int)Math.Clamp(Version(stream) - fromVersion + 1, 0, limit);
            return Task.FromResult<IReadOnlyList<StoredEvent>>(count == 0 ? [] : _streams[stream].GetRange((int)fromVersion - 1, count));
        }
    }

    public Task<IReadOnlyList<StoredEvent>> ReadPageAsync(
        long afterSequence, int limit, CancellationToken cancellationToken = default)
    {
        EventLimits.CheckPage(afterSequence, limit);
        lock (_lock)
        {
            var count = (int)Math.Clamp(_events.Count - afterSequence, 0, limit);
            return Task.FromResult<IReadOnlyList<StoredEvent>>(count == 0 ? [] : _events.GetRange((int)afterSequence, count));
        }
    }

    public Task<long> HighWaterMarkAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult<long>(_events.Count);
        }
    }

    public async IAsyncEnumerable<long> SubscribeAsync(
        long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        var seen = afterSequence;
        while (true)
        {
            Task appended;
            long mark;
            lock (_lock)
            {
                appended = _appended.Task;
                mark = _events.Count;
            }
            if (mark > seen)
            {
                seen = mark;
                yield return mark;
            }
            else
            {
                await appended.WaitAsync(cancellationToken);
            }
        }
    }

    public Task WriteBlobsAsync(IReadOnlyList<NewBlob> blobs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        EventLimits.CheckBlobs(blobs);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var fresh = FreshBlobs(blobs);
            capacity.Take(fresh.Sum(b => (long)b.Bytes.Length));
            Insert(fresh);
        }
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>> ReadBlobAsync(BlobKey key, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return _blobs.TryGetValue(key, out var bytes)
                ? Task.FromResult<ReadOnlyMemory<byte>>(bytes)
                : throw new BlobMissingException(key);
        }
    }

    public Task<bool> HasBlobAsync(BlobKey key, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult(_blobs.ContainsKey(key));
        }
    }

    public Task<bool> DeleteBlobAsync(BlobKey key, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (!_blobs.Remove(key, out var bytes))
            {
                return Task.FromResult(false);
            }
            capacity.Take(-bytes.Length);
            return Task.FromResult(true);
        }
    }

    private long Version(string stream) => _streams.TryGetValue(stream, out var events) ? events.Count : 0;

    private List<NewBlob> FreshBlobs(IReadOnlyList<NewBlob> blobs)
    {
        var fresh = new Dictionary<BlobKey, NewBlob>();
        foreach (var blob in blobs)
        {
            var known = _blobs.TryGetValue(blob.Key, out var stored) ? stored
                : fresh.TryGetValue(blob.Key, out var earlier) ? earlier.Bytes : default(ReadOnlyMemory<byte>?);
            if (known is not { } bytes)
            {
                fresh.Add(blob.Key, blob);
            }
            else if (!bytes.Span.SequenceEqual(blob.Bytes.Span))
            {
                throw new BlobConflictException(blob.Key);
            }
        }
        return [.. fresh.Values];
    }

    private void Insert(List<NewBlob> blobs)
    {
        foreach (var blob in blobs)
        {
            _blobs.Add(blob.Key, blob.Bytes.ToArray());
        }
    }

    private void Add(string stream, NewEvent @event, DateTimeOffset timestamp)
    {
        if (!_streams.TryGetValue(stream, out var events))
        {
            _streams.Add(stream, events = []);
        }
        var stored = new StoredEvent(
            _events.Count + 1, Guid.CreateVersion7(timestamp), stream, events.Count + 1, @event.Type, @event.Json, timestamp, @event.DotnetType);
        events.Add(stored);
        _events.Add(stored);
    }

    private void Signal()
    {
        _appended.SetResult();
        _appended = NewSignal();
    }

    // Continuations must not run inside the appender's lock.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
