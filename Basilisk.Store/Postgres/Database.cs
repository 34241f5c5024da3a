using Npgsql;

namespace Basilisk.Store.Postgres;

/// <summary>Connections to one schema. Everything that runs through here throws <see cref="StoreException"/>s only.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly ErrorTranslator _errors;

    public Database(NpgsqlConnectionStringBuilder settings, string schema)
    {
        Schema = schema;
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        _errors = new ErrorTranslator(settings, schema);
    }

    public string Schema { get; }

    /// <summary>Opens a connection; its owner returns it by disposing.</summary>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        GuardAsync(async () => await _source.OpenConnectionAsync(cancellationToken));

    /// <summary>Runs one command on a connection of its own.</summary>
    public Task<T> RunAsync<T>(string sql, object?[] parameters, Func<NpgsqlCommand, Task<T>> run, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await using var command = Command(connection, sql, parameters);
            return await run(command);
        });

    /// <summary>A command with <c>{schema}</c> and the positional parameters <c>$1</c>, <c>$2</c>… put in.</summary>
    public NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] parameters)
    {
        var command = connection.CreateCommand();
        // The schema's name was checked to be a plain identifier; everything else travels as parameters.
        command.CommandText = sql.Replace("{schema}", Schema, StringComparison.Ordinal);
        foreach (var value in parameters)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
        return command;
    }

    public async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (_errors.Translate(e) is { } translated)
        {
            throw translated;
        }
    }

    public Task GuardAsync(Func<Task> work) => GuardAsync(async () =>
    {
        await work();
        return true;
    });

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
