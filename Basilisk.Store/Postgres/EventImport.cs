using System.Runtime.ExceptionServices;
using Basilisk.Store.Events;
using Npgsql;
using NpgsqlTypes;

namespace Basilisk.Store.Postgres;

/// <summary>Bulk append by binary COPY in one transaction.</summary>
internal sealed class EventImport(Database database, TimeProvider time)
{
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _now = EventLimits.ToMicroseconds(time.GetUtcNow());

    public async Task<long> RunAsync(IAsyncEnumerable<ImportEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await ImportAsync(events, cancellationToken);
        }
        catch (SourceException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }

    private async Task<long> ImportAsync(IAsyncEnumerable<ImportEvent> events, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await database.GuardAsync(async () =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var first = await LockAsync(connection, cancellationToken);
            var last = await CopyAsync(connection, events, first, cancellationToken);
            if (last >= first)
            {
                await FinishAsync(connection, last, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
            return last - first + 1;
        });
    }

    /// <summary>Holds off every writer before it can draw a sequence; returns the first free one.</summary>
    private async Task<long> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var turn = database.Command(
            connection, "select {schema}.mt_announce(); lock table {schema}.mt_streams in exclusive mode"))
        {
            turn.CommandTimeout = 0;
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var next = database.Command(
            connection, "select case when is_called then last_value else 0 end + 1 from {schema}.mt_events_sequence");
        return (long)(await next.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<long> CopyAsync(
        NpgsqlConnection connection, IAsyncEnumerable<ImportEvent> events, long first, CancellationToken cancellationToken)
    {
        var sql = $"copy {database.Schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type) from stdin (format binary)";
        await using var writer = await connection.BeginBinaryImportAsync(sql, cancellationToken);
        var sequence = first;
        await using var source = events.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(source))
        {
            var item = source.Current;
            EventLimits.CheckStream(item.Stream);
            EventLimits.CheckEvent(item.Event);
            var version = await NextVersionAsync(item.Stream, cancellationToken);
            var timestamp = item.Timestamp is { } given ? EventLimits.ToMicroseconds(given) : _now;
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(sequence++, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(Guid.CreateVersion7(timestamp), NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(item.Stream, NpgsqlDbType.Varchar, cancellationToken);
            await writer.WriteAsync(version, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(item.Event.Json, NpgsqlDbType.Jsonb, cancellationToken);
            await writer.WriteAsync(item.Event.Type, NpgsqlDbType.Varchar, cancellationToken);
            await writer.WriteAsync(timestamp, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(item.Event.DotnetType, NpgsqlDbType.Varchar, cancellationToken);
        }
        await writer.CompleteAsync(cancellationToken);
        return sequence - 1;
    }

    /// <summary>Marks what the source throws, so that its own I/O error is not taken for the database's.</summary>
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ImportEvent> source)
    {
        try
        {
            return await source.MoveNextAsync();
        }
        catch (Exception e)
        {
            throw new SourceException(e);
        }
    }

    private async ValueTask<long> NextVersionAsync(string stream, CancellationToken cancellationToken)
    {
        // The copying connection is busy; another may read, and what it reads cannot change under the lock.
        if (!_versions.TryGetValue(stream, out var version))
        {
            version = await database.RunAsync(
                "select version from {schema}.mt_streams where id = $1", [stream],
                async command => await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0, cancellationToken);
        }
        return _versions[stream] = version + 1;
    }

    private async Task FinishAsync(NpgsqlConnection connection, long last, CancellationToken cancellationToken)
    {
        const string Streams = """
            insert into {schema}.mt_streams (id, version, timestamp, created)
            select s.id, s.version, $3, $3 from unnest($1, $2) as s(id, version)
            on conflict (id) do update set version = excluded.version, timestamp = excluded.timestamp
            """;
        await using (var streams = database.Command(
            connection, Streams, _versions.Keys.ToArray(), _versions.Values.ToArray(), _now))
        {
            await streams.ExecuteNonQueryAsync(cancellationToken);
        }
        await using (var sequence = database.Command(connection, "select setval('{schema}.mt_events_sequence', $1)", last))
        {
            await sequence.ExecuteNonQueryAsync(cancellationToken);
        }
        // Readers come at once, long before autovacuum would look at the new size.
        await using var statistics = database.Command(connection, "analyze {schema}.mt_events");
        await statistics.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class SourceException(Exception inner) : Exception(inner.Message, inner);
}
