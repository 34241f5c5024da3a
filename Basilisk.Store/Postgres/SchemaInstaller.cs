using Npgsql;

namespace Basilisk.Store.Postgres;

/// <summary>Creates the tables where there are none and refuses those of another version.</summary>
internal static class SchemaInstaller
{
    private const int Version = 1;

    public static async Task EnsureAsync(Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await database.GuardAsync(async () =>
        {
            // DDL is transactional in PostgreSQL: an interrupted installation leaves nothing.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var turn = database.Command(connection, "select pg_advisory_xact_lock(hashtextextended('{schema}', 1))"))
            {
                await turn.ExecuteNonQueryAsync(cancellationToken);
            }
            if (await FindAsync(database, connection, cancellationToken) is { } found)
            {
                Check(database.Schema, found);
                return;
            }
            await InstallAsync(database, connection, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        });
    }

    /// <summary>Number of tables called mt_… and the version they state; null where there are none.</summary>
    private static async Task<(long Tables, int? Version)?> FindAsync(
        Database database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var count = database.Command(
            connection, "select count(*), to_regclass('{schema}.mt_store') is not null from pg_tables where schemaname = '{schema}' and tablename like 'mt\\_%'");
        long tables;
        bool versioned;
        await using (var reader = await count.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (tables, versioned) = (reader.GetInt64(0), reader.GetBoolean(1));
        }
        if (!versioned)
        {
            return tables == 0 ? null : (tables, null);
        }
        await using var version = database.Command(connection, "select schema_version from {schema}.mt_store");
        return (tables, (int?)await version.ExecuteScalarAsync(cancellationToken));
    }

    private static void Check(string schema, (long Tables, int? Version) found)
    {
        if (found.Version != Version)
        {
            var what = found.Version is { } version ? $"tables of version {version}" : $"{found.Tables} tables without a version";
            throw new StoreSchemaMismatchException(schema, what, $"version {Version}");
        }
    }

    private static async Task InstallAsync(Database database, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var stream = typeof(SchemaInstaller).Assembly.GetManifestResourceStream("Basilisk.Store.Postgres.Schema.sql")
            ?? throw new InvalidOperationException("Schema.sql is not embedded in Basilisk.Store.");
        using var reader = new StreamReader(stream);
        await using var install = database.Command(
            connection, "create schema if not exists {schema};\n" + await reader.ReadToEndAsync(cancellationToken));
        await install.ExecuteNonQueryAsync(cancellationToken);
    }
}
