using Basilisk.Store.Documents;
using Npgsql;
using NpgsqlTypes;

namespace Basilisk.Store.Postgres;

/// <summary>Reads and writes documents on a given connection, whether or not it is in a transaction.</summary>
internal sealed class DocumentCommands(Database database)
{
    public async Task<string?> GetAsync(NpgsqlConnection connection, string collection, string id, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            connection, "select data::text from {schema}.mt_documents where collection = $1 and id = $2", collection, id);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    public async Task<DocumentPage> QueryAsync(NpgsqlConnection connection, DocumentQuery query, CancellationToken cancellationToken)
    {
        var (sql, parameters) = DocumentSql.Page(query);
        await using var command = database.Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var documents = new List<Document>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (documents.Count == query.Limit)
            {
                return new DocumentPage(documents, new DocumentCursor(documents[^1].Key, documents[^1].Id));
            }
            documents.Add(new Document(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }
        return new DocumentPage(documents, null);
    }

    public async Task<long> CountAsync(NpgsqlConnection connection, DocumentQuery query, CancellationToken cancellationToken)
    {
        var (sql, parameters) = DocumentSql.Count(query);
        await using var command = database.Command(connection, sql, parameters);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Writes all of them in one statement; returns how many were deleted.</summary>
    public async Task<long> WriteAsync(
        NpgsqlConnection connection, string writer, IReadOnlyCollection<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        var keys = writes.SelectMany(w => w.Indices, (w, k) => (w.Collection, w.Id, k.Name, k.Key)).ToArray();
        await using var command = database.Command(
            connection, "select {schema}.mt_write_documents($1, $2, $3, $4, $5, $6, $7, $8)", writer,
            Texts(writes.Select(w => w.Collection)), Texts(writes.Select(w => w.Id)), Texts(writes.Select(w => w.Json)),
            Texts(keys.Select(k => k.Collection)), Texts(keys.Select(k => k.Id)), Texts(keys.Select(k => k.Name)), Texts(keys.Select(k => k.Key)));
        try
        {
            return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException e) when (e.SqlState == ErrorTranslator.CollectionOwned)
        {
            throw ErrorTranslator.Owned(e, writer);
        }
    }

    private static NpgsqlParameter Texts(IEnumerable<string?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

/// <summary>A document to write; null JSON deletes it.</summary>
internal sealed record DocumentWrite(string Collection, string Id, string? Json, IReadOnlyList<IndexKey> Indices);
