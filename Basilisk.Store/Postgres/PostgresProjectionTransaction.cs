using Basilisk.Store.Documents;
using Basilisk.Store.Projections;
using Npgsql;

namespace Basilisk.Store.Postgres;

/// <summary>
/// A projection's transaction. Writes gather in memory and go out in one statement before a query and at the commit; reads by id
/// are answered from them.
/// </summary>
internal sealed class PostgresProjectionTransaction(
    Database database, NpgsqlConnection connection, NpgsqlTransaction transaction, string name, ProjectionPosition? position)
    : IProjectionTransaction
{
    private readonly DocumentCommands _commands = new(database);
    private readonly Dictionary<(string Collection, string Id), DocumentWrite> _pending = [];

    public ProjectionPosition? Position => position;

    public void Upsert(string collection, string id, string json, IReadOnlyList<IndexKey>? indices = null)
    {
        DocumentLimits.CheckWrite(collection, id, json, indices);
        _pending[(collection, id)] = new DocumentWrite(collection, id, json, indices is null ? [] : [.. indices]);
    }

    public void Delete(string collection, string id)
    {
        DocumentLimits.CheckDocument(collection, id);
        _pending[(collection, id)] = new DocumentWrite(collection, id, null, []);
    }

    public async Task<string?> GetAsync(string collection, string id, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckDocument(collection, id);
        return _pending.TryGetValue((collection, id), out var own)
            ? own.Json
            : await database.GuardAsync(() => _commands.GetAsync(connection, collection, id, cancellationToken));
    }

    public async Task<DocumentPage> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckQuery(query);
        await FlushAsync(cancellationToken);
        return await database.GuardAsync(() => _commands.QueryAsync(connection, query, cancellationToken));
    }

    public async Task<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckQuery(query);
        await FlushAsync(cancellationToken);
        return await database.GuardAsync(() => _commands.CountAsync(connection, query, cancellationToken));
    }

    public Task ClearAsync(CancellationToken cancellationToken = default)
    {
        _pending.Clear();
        return database.GuardAsync(async () =>
        {
            const string Sql = """
                with own as (delete from {schema}.mt_document_collections where owner = $1 returning name),
                    keys as (delete from {schema}.mt_document_keys where collection in (select name from own))
                delete from {schema}.mt_documents where collection in (select name from own)
                """;
            await using var clear = database.Command(connection, Sql, name);
            clear.CommandTimeout = 0;
            await clear.ExecuteNonQueryAsync(cancellationToken);
        });
    }

    public async Task CommitAsync(int version, long sequence, CancellationToken cancellationToken = default)
    {
        await FlushAsync(cancellationToken);
        await database.GuardAsync(async () =>
        {
            const string Sql = """
                insert into {schema}.mt_event_progression (name, projection_version, last_seq_id) values ($1, $2, $3)
                on conflict (name) do update set projection_version = excluded.projection_version,
                    last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated
                """;
            await using (var progress = database.Command(connection, Sql, name, version, sequence))
            {
                await progress.ExecuteNonQueryAsync(cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
        });
    }

    public async ValueTask DisposeAsync()
    {
        // Disposing an open transaction rolls it back.
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_pending.Count > 0)
        {
            await database.GuardAsync(() => _commands.WriteAsync(connection, name, _pending.Values, cancellationToken));
            _pending.Clear();
        }
    }
}
