using Basilisk.Store.Documents;
using Basilisk.Store.Projections;
using Npgsql;

namespace Basilisk.Store.Postgres;

internal sealed class PostgresProjectionStore(Database database) : IProjectionStore
{
    public Task<IReadOnlyList<ProjectionPosition>> PositionsAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyList<ProjectionPosition>>(
            "select name, projection_version, last_seq_id from {schema}.mt_event_progression order by name", [],
            command => ReadAsync(command, cancellationToken), cancellationToken);

    public async Task<IProjectionTransaction> BeginAsync(string name, CancellationToken cancellationToken = default)
    {
        DocumentLimits.CheckName(name, "projection");
        var connection = await database.OpenAsync(cancellationToken);
        try
        {
            return await database.GuardAsync(async () =>
            {
                var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await TakeTurnAsync(connection, name, cancellationToken);
                await using var command = database.Command(
                    connection, "select name, projection_version, last_seq_id from {schema}.mt_event_progression where name = $1", name);
                var position = (await ReadAsync(command, cancellationToken)).SingleOrDefault();
                return new PostgresProjectionTransaction(database, connection, transaction, name, position);
            });
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits for other transactions of this projection. Its commit need not wait for the disk: documents and progress are lost
    /// together, if at all, and derived again; the events were flushed before.
    /// </summary>
    private async Task TakeTurnAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using (var relaxed = database.Command(connection, "set local synchronous_commit = off"))
        {
            await relaxed.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var turn = database.Command(connection, "select pg_advisory_xact_lock(hashtextextended('{schema}/' || $1, 2))", name);
        turn.CommandTimeout = 0;
        await turn.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<ProjectionPosition>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var positions = new List<ProjectionPosition>();
        while (await reader.ReadAsync(cancellationToken))
        {
            positions.Add(new ProjectionPosition(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2)));
        }
        return positions;
    }
}
