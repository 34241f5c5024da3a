namespace Basilisk.Store.Events;

/// <summary>
/// Append-only log of events in streams, in the table shape of Marten, with content-addressed blobs beside it.
/// The store does not know what events mean.
/// </summary>
/// <remarks>
/// Positions: a <em>version</em> counts the events of one stream (first event = 1, 0 = no such stream); a
/// <em>sequence</em> counts over all streams (first event = 1), ascending in the order of reading, with gaps where an
/// append was rolled back. JSON comes back with equal meaning, not with equal bytes: PostgreSQL's <c>jsonb</c> keeps
/// neither white space nor the order of keys. Timestamps come from the <see cref="TimeProvider"/> the store was opened
/// with (never from the server), cut to microseconds.
/// Every method may throw a <see cref="StoreException"/>; the derived type names the cause.
/// </remarks>
public interface IEventStore
{
    /// <summary>
    /// Appends <paramref name="events"/> to <paramref name="stream"/> and inserts <paramref name="blobs"/>, all or nothing.
    /// </summary>
    /// <param name="stream">1 to 250 bytes of UTF-8.</param>
    /// <param name="expectedVersion">The version the caller has seen; 0 for a stream that does not exist yet.</param>
    /// <param name="events">At least one.</param>
    /// <param name="blobs">Inserted if their key is new; a known key with other bytes is refused.</param>
    /// <param name="cancellationToken">Cancelled after the commit was sent, the append may have happened: read
    /// <see cref="StreamVersionAsync"/> to know.</param>
    /// <exception cref="WrongExpectedVersionException">Somebody else appended first; nothing was written.</exception>
    /// <exception cref="BlobConflictException">A blob's key is stored with other bytes; nothing was written.</exception>
    /// <exception cref="InvalidJsonException">An event's JSON cannot be stored; nothing was written.</exception>
    /// <exception cref="StoreDiskFullException">No space; nothing was written.</exception>
    Task<AppendResult> AppendAsync(
        string stream, long expectedVersion, IReadOnlyList<NewEvent> events, IReadOnlyList<NewBlob>? blobs = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends many events in one transaction by the fastest way there is (binary COPY in PostgreSQL). Each event continues
    /// its stream at whatever version that has. Other writers wait until the import ends.
    /// </summary>
    /// <returns>Number of events imported.</returns>
    Task<long> ImportAsync(IAsyncEnumerable<ImportEvent> events, CancellationToken cancellationToken = default);

    /// <summary>The version of a stream; 0 where it does not exist.</summary>
    Task<long> StreamVersionAsync(string stream, CancellationToken cancellationToken = default);

    /// <summary>Events of one stream from <paramref name="fromVersion"/> (inclusive) on, ascending; none for an unknown stream.</summary>
    IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        string stream, long fromVersion = 1, CancellationToken cancellationToken = default);

    /// <summary>At most <paramref name="limit"/> events of one stream from <paramref name="fromVersion"/> (inclusive) on, ascending.</summary>
    Task<IReadOnlyList<StoredEvent>> ReadStreamPageAsync(
        string stream, long fromVersion, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// At most <paramref name="limit"/> events with a sequence above <paramref name="afterSequence"/>, ascending, never beyond
    /// the high-water mark. Empty means: nothing more for now.
    /// </summary>
    Task<IReadOnlyList<StoredEvent>> ReadPageAsync(
        long afterSequence, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// The highest sequence below which nothing can appear any more. Concurrent appends draw sequences before they commit, so
    /// the highest visible sequence is not safe: a lower one may still be on its way. Readers that stay at or below this mark
    /// never skip an event. 0 for an empty store.
    /// </summary>
    Task<long> HighWaterMarkAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Yields the high-water mark each time it has grown, starting at once if it is above <paramref name="afterSequence"/>.
    /// Ends only by cancellation (<see cref="OperationCanceledException"/>); survives a lost connection.
    /// </summary>
    IAsyncEnumerable<long> SubscribeAsync(long afterSequence, CancellationToken cancellationToken = default);

    /// <summary>Inserts blobs without an event; known keys with equal bytes are left alone.</summary>
    Task WriteBlobsAsync(IReadOnlyList<NewBlob> blobs, CancellationToken cancellationToken = default);

    /// <exception cref="BlobMissingException">No blob has this key.</exception>
    Task<ReadOnlyMemory<byte>> ReadBlobAsync(BlobKey key, CancellationToken cancellationToken = default);

    Task<bool> HasBlobAsync(BlobKey key, CancellationToken cancellationToken = default);

    /// <summary>Removes a blob (pruning); false where there was none. The events that name it stay.</summary>
    Task<bool> DeleteBlobAsync(BlobKey key, CancellationToken cancellationToken = default);
}
