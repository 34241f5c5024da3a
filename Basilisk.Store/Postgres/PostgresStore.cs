using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Projections;
using Npgsql;

namespace Basilisk.Store.Postgres;

/// <summary>The store on PostgreSQL 13 or later.</summary>
public sealed class PostgresStore : IStore
{
    private readonly Database _database;
    private readonly AppendNotifier _notifier;

    private PostgresStore(Database database, PostgresStoreOptions options, TimeProvider time)
    {
        _database = database;
        _notifier = new AppendNotifier(database);
        Events = new PostgresEventStore(database, _notifier, options, time);
        Documents = new PostgresDocumentStore(database);
        Projections = new PostgresProjectionStore(database);
    }

    public IEventStore Events { get; }

    public IDocumentStore Documents { get; }

    public IProjectionStore Projections { get; }

    /// <summary>Connects, creates the tables where there are none, and checks those there are.</summary>
    /// <param name="connectionString">As Npgsql reads it. Appears in no exception and no log.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="time">Clock for the events' timestamps and for pauses.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="StoreConfigurationException">The connection string or an option cannot be used.</exception>
    /// <exception cref="StoreUnavailableException">No server answers.</exception>
    /// <exception cref="StoreAuthenticationException">The server refuses the user.</exception>
    /// <exception cref="StoreDatabaseMissingException">The server has no such database.</exception>
    /// <exception cref="StoreSchemaMismatchException">The tables are another version's.</exception>
    /// <exception cref="StorePermissionException">The user may not create the tables.</exception>
    public static async Task<PostgresStore> OpenAsync(
        string connectionString, PostgresStoreOptions? options = null, TimeProvider? time = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new PostgresStoreOptions();
        options.Validate();
        var database = new Database(Read(connectionString, options), options.Schema);
        try
        {
            await SchemaInstaller.EnsureAsync(database, cancellationToken);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
        return new PostgresStore(database, options, time ?? TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _notifier.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static NpgsqlConnectionStringBuilder Read(string connectionString, PostgresStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        NpgsqlConnectionStringBuilder? settings = null;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            // The parser may quote a piece of a password: nothing of it goes on.
        }
        if (settings?.Host is not { Length: > 0 })
        {
            throw new StoreConfigurationException(
                "connection string", "it is not of the form 'Host=…;Port=…;Database=…;Username=…;Password=…' (quote values that hold a semicolon)");
        }
        settings.MaxPoolSize = options.MaxConnections;
        settings.MaxAutoPrepare = 32;
        settings.ApplicationName ??= "basilisk";
        return settings;
    }
}
