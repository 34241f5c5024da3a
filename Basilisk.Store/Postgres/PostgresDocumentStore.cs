using Basilisk.Store.Documents;
using Npgsql;

namespace Basilisk.Store.Postgres;

internal sealed class PostgresDocumentStore(Database database) : IDocumentStore
{
    /// <summary>Owner of what is written here: the application itself, no projection.</summary>
    private const string Application = "";

    private readonly DocumentCommands _commands = new(database);

    public Task UpsertAsync(
        string collection, string id, string json, IReadOnlyList<IndexKey>? indices = null,
        CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckWrite(collection, id, json, indices);
        return WriteAsync(new DocumentWrite(collection, id, json, indices ?? []), cancellationToken);
    }

    public async Task<bool> DeleteAsync(string collection, string id, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckDocument(collection, id);
        return await WriteAsync(new DocumentWrite(collection, id, null, []), cancellationToken) > 0;
    }

    public Task<string?> GetAsync(string collection, string id, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckDocument(collection, id);
        return OnConnectionAsync(c => _commands.GetAsync(c, collection, id, cancellationToken), cancellationToken);
    }

    public Task<DocumentPage> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckQuery(query);
        return OnConnectionAsync(c => _commands.QueryAsync(c, query, cancellationToken), cancellationToken);
    }

    public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckQuery(query);
        return OnConnectionAsync(c => _commands.CountAsync(c, query, cancellationToken), cancellationToken);
    }

    private Task<long> WriteAsync(DocumentWrite write, CancellationToken cancellationToken) =>
        OnConnectionAsync(c => _commands.WriteAsync(c, Application, [write], cancellationToken), cancellationToken);

    private async Task<T> OnConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await database.GuardAsync(() => work(connection));
    }
}
