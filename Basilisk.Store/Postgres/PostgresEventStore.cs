using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Basilisk.Store.Events;
using Npgsql;
using NpgsqlTypes;

namespace Basilisk.Store.Postgres;

internal sealed class PostgresEventStore(Database database, AppendNotifier notifier, PostgresStoreOptions options, TimeProvider time)
    : IEventStore
{
    private const string Columns = "seq_id, id, stream_id, version, type, data::text, timestamp, mt_dotnet_type";
    private const int StreamPage = 500;

    /// <summary>A mark once seen stays true, so pages below it need not ask again.</summary>
    private long _knownMark;

    public async Task<AppendResult> AppendAsync(
        string stream, long expectedVersion, IReadOnlyList<NewEvent> events, IReadOnlyList<NewBlob>? blobs = null,
        CancellationToken cancellationToken = default)
    {
        blobs ??= [];
        EventLimits.CheckAppend(stream, expectedVersion, events, blobs);
        var now = EventLimits.ToMicroseconds(time.GetUtcNow());
        object?[] parameters =
        [
            stream, expectedVersion, now, events.Select(_ => Guid.CreateVersion7(now)).ToArray(), events.Select(e => e.Type).ToArray(),
            events.Select(e => e.Json).ToArray(), events.Select(e => e.DotnetType).ToArray(), Keys(blobs), Contents(blobs),
        ];
        // One statement, hence one transaction and one round trip.
        var appended = await database.RunAsync(
            "select * from {schema}.mt_append($1, $2, $3, $4, $5, $6, $7, $8, $9)", parameters,
            async command =>
            {
                try
                {
                    await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                    await reader.ReadAsync(cancellationToken);
                    return new AppendResult(expectedVersion + events.Count, reader.GetInt64(0), reader.GetInt64(1));
                }
                catch (PostgresException e) when (e.SqlState == ErrorTranslator.WrongVersion)
                {
                    throw new WrongExpectedVersionException(
                        stream, expectedVersion, long.Parse(e.MessageText, System.Globalization.CultureInfo.InvariantCulture));
                }
            },
            cancellationToken);
        notifier.Signal();
        return appended;
    }

    public async Task<long> ImportAsync(IAsyncEnumerable<ImportEvent> events, CancellationToken cancellationToken = default)
    {
        var count = await new EventImport(database, time).RunAsync(events, cancellationToken);
        notifier.Signal();
        return count;
    }

    public Task<long> StreamVersionAsync(string stream, CancellationToken cancellationToken = default)
    {
        EventLimits.CheckStream(stream);
        return database.RunAsync(
            "select version from {schema}.mt_streams where id = $1", [stream],
            async command => await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0, cancellationToken);
    }

    public async IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        string stream, long fromVersion = 1, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        EventLimits.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        // By pages, so that no connection is held while the caller works on an event.
        while (true)
        {
            var page = await ReadStreamPageAsync(stream, fromVersion, StreamPage, cancellationToken);
            foreach (var @event in page)
            {
                yield return @event;
            }
            if (page.Count < StreamPage)
            {
                yield break;
            }
            fromVersion = page[^1].Version + 1;
        }
    }

    public Task<IReadOnlyList<StoredEvent>> ReadStreamPageAsync(
        string stream, long fromVersion, int limit, CancellationToken cancellationToken = default)
    {
        EventLimits.CheckStream(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        EventLimits.CheckPage(0, limit);
        return ReadAsync(
            $"select {Columns} from {{schema}}.mt_events where stream_id = $1 and version >= $2 order by version limit $3",
            [stream, fromVersion, limit], cancellationToken);
    }

    public async Task<IReadOnlyList<StoredEvent>> ReadPageAsync(
        long afterSequence, int limit, CancellationToken cancellationToken = default)
    {
        EventLimits.CheckPage(afterSequence, limit);
        var known = Interlocked.Read(ref _knownMark);
        if (afterSequence < known && await ReadUpToAsync(afterSequence, known, limit, cancellationToken) is { Count: > 0 } page)
        {
            return page;
        }
        var mark = await HighWaterMarkAsync(cancellationToken);
        return mark > afterSequence ? await ReadUpToAsync(afterSequence, mark, limit, cancellationToken) : [];
    }

    public async Task<long> HighWaterMarkAsync(CancellationToken cancellationToken = default)
    {
        var mark = await database.RunAsync(
            "select {schema}.mt_high_water()", [],
            async command => (long)(await command.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
        // A writer that announces itself late names a sequence that is old by then; what was safe before stays safe.
        var known = Interlocked.Read(ref _knownMark);
        while (mark > known)
        {
            var seen = Interlocked.CompareExchange(ref _knownMark, mark, known);
            if (seen == known)
            {
                return mark;
            }
            known = seen;
        }
        return known;
    }

    public IAsyncEnumerable<long> SubscribeAsync(long afterSequence, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        return new EventSubscription(database, this, options.PollInterval, time).RunAsync(afterSequence, cancellationToken);
    }

    public Task WriteBlobsAsync(IReadOnlyList<NewBlob> blobs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        EventLimits.CheckBlobs(blobs);
        return database.RunAsync(
            "select {schema}.mt_write_blobs($1, $2)", [Keys(blobs), Contents(blobs)],
            async command => await command.ExecuteNonQueryAsync(cancellationToken), cancellationToken);
    }

    public async Task<ReadOnlyMemory<byte>> ReadBlobAsync(BlobKey key, CancellationToken cancellationToken = default) =>
        await database.RunAsync(
            "select data from {schema}.mt_blobs where key = $1", [key.ToArray()],
            async command => await command.ExecuteScalarAsync(cancellationToken) as byte[], cancellationToken)
        ?? throw new BlobMissingException(key);

    public Task<bool> HasBlobAsync(BlobKey key, CancellationToken cancellationToken = default) =>
        database.RunAsync(
            "select 1 from {schema}.mt_blobs where key = $1", [key.ToArray()],
            async command => await command.ExecuteScalarAsync(cancellationToken) is not null, cancellationToken);

    public Task<bool> DeleteBlobAsync(BlobKey key, CancellationToken cancellationToken = default) =>
        database.RunAsync(
            "delete from {schema}.mt_blobs where key = $1", [key.ToArray()],
            async command => await command.ExecuteNonQueryAsync(cancellationToken) == 1, cancellationToken);

    // The mark is looked at outside: as a range, PostgreSQL without statistics expects few rows and sorts them all for each page.
    private Task<IReadOnlyList<StoredEvent>> ReadUpToAsync(long after, long mark, int limit, CancellationToken cancellationToken) =>
        ReadAsync(
            $$"""
            select {{Columns}} from (select * from {schema}.mt_events where seq_id > $1 order by seq_id limit $3) page
            where seq_id <= $2 order by seq_id
            """,
            [after, mark, limit], cancellationToken);

    private Task<IReadOnlyList<StoredEvent>> ReadAsync(string sql, object?[] parameters, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<StoredEvent>>(sql, parameters, async command =>
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var events = new List<StoredEvent>();
            while (await reader.ReadAsync(cancellationToken))
            {
                events.Add(new StoredEvent(
                    reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4), reader.GetString(5),
                    reader.GetFieldValue<DateTimeOffset>(6), reader.IsDBNull(7) ? null : reader.GetString(7)));
            }
            return events;
        }, cancellationToken);

    private static NpgsqlParameter Keys(IReadOnlyList<NewBlob> blobs) => Bytes(blobs.Select(b => b.Key.ToArray()));

    private static NpgsqlParameter Contents(IReadOnlyList<NewBlob> blobs) => Bytes(blobs.Select(b => Whole(b.Bytes)));

    private static NpgsqlParameter Bytes(IEnumerable<byte[]> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    // Without a copy where the memory is a whole array, as it nearly always is.
    private static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
}
