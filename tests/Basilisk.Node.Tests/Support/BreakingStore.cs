using Basilisk.Store;
using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Tests.Support;

/// <summary>A store whose connection breaks while it appends, before or after the append took place, or hangs.</summary>
internal sealed class BreakingStore(IStore inner) : IStore, IEventStore
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool? _breakWritten;
    private int _untilHeld = -1;

    public IEventStore Events => this;

    public IDocumentStore Documents => inner.Documents;

    public IProjectionStore Projections => inner.Projections;

    public void BreakNextAppend(bool written) => _breakWritten = written;

    /// <summary>Holds one append, after so many others, until <see cref="Release"/>; completes when it is held. Once.</summary>
    public Task HoldAppendAsync(int after)
    {
        _untilHeld = after;
        return _held.Task;
    }

    public void Release() => _release.SetResult();

    public async Task<AppendResult> AppendAsync(
        string stream, long expectedVersion, IReadOnlyList<NewEvent> events, IReadOnlyList<NewBlob>? blobs = null, CancellationToken cancellationToken = default)
    {
        if (_untilHeld >= 0 && _untilHeld-- == 0)
        {
            _held.SetResult();
            await _release.Task;
        }

        bool? written = _breakWritten;
        _breakWritten = null;
        AppendResult? result = written is false ? null : await inner.Events.AppendAsync(stream, expectedVersion, events, blobs, cancellationToken);
        return written is null ? result!.Value : throw new StoreUnavailableException("the test's store", "the connection broke");
    }

    public Task<long> ImportAsync(IAsyncEnumerable<ImportEvent> events, CancellationToken cancellationToken = default) =>
        inner.Events.ImportAsync(events, cancellationToken);

    public Task<long> StreamVersionAsync(string stream, CancellationToken cancellationToken = default) => inner.Events.StreamVersionAsync(stream, cancellationToken);

    public IAsyncEnumerable<StoredEvent> ReadStreamAsync(string stream, long fromVersion = 1, CancellationToken cancellationToken = default) =>
        inner.Events.ReadStreamAsync(stream, fromVersion, cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadStreamPageAsync(string stream, long fromVersion, int limit, CancellationToken cancellationToken = default) =>
        inner.Events.ReadStreamPageAsync(stream, fromVersion, limit, cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadPageAsync(long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        inner.Events.ReadPageAsync(afterSequence, limit, cancellationToken);

    public Task<long> HighWaterMarkAsync(CancellationToken cancellationToken = default) => inner.Events.HighWaterMarkAsync(cancellationToken);

    public IAsyncEnumerable<long> SubscribeAsync(long afterSequence, CancellationToken cancellationToken = default) =>
        inner.Events.SubscribeAsync(afterSequence, cancellationToken);

    public Task WriteBlobsAsync(IReadOnlyList<NewBlob> blobs, CancellationToken cancellationToken = default) => inner.Events.WriteBlobsAsync(blobs, cancellationToken);

    public Task<ReadOnlyMemory<byte>> ReadBlobAsync(BlobKey key, CancellationToken cancellationToken = default) => inner.Events.ReadBlobAsync(key, cancellationToken);

    public Task<bool> HasBlobAsync(BlobKey key, CancellationToken cancellationToken = default) => inner.Events.HasBlobAsync(key, cancellationToken);

    public Task<bool> DeleteBlobAsync(BlobKey key, CancellationToken cancellationToken = default) => inner.Events.DeleteBlobAsync(key, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
