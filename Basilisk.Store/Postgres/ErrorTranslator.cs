using System.Net.Sockets;
using System.Text.Json;
using Basilisk.Store.Events;
using Npgsql;

namespace Basilisk.Store.Postgres;

/// <summary>Turns what Npgsql throws into one type per cause.</summary>
internal sealed class ErrorTranslator(NpgsqlConnectionStringBuilder settings, string schema)
{
    /// <summary>SQLSTATEs that the functions of Schema.sql raise.</summary>
    public const string WrongVersion = "BK001", BlobConflict = "BK002", CollectionOwned = "BK003";

    // Parts of the settings that are not secret.
    private readonly string _target = $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
    private readonly string _user = settings.Username ?? Environment.UserName;

    /// <summary>The exception to throw instead; null for what is not the database's and goes on as it is.</summary>
    public StoreException? Translate(Exception e) => e switch
    {
        PostgresException p => FromServer(p),
        NpgsqlException { InnerException: PostgresException p } => FromServer(p),
        NpgsqlException n when n.InnerException is null && n.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
            new StoreAuthenticationException(_target, _user, n),
        NpgsqlException or SocketException or IOException or TimeoutException =>
            new StoreUnavailableException(_target, (e.InnerException ?? e).Message, e),
        _ => null,
    };

    private StoreException FromServer(PostgresException e) => e.SqlState switch
    {
        "28P01" or "28000" => new StoreAuthenticationException(_target, _user, e),
        "3D000" => new StoreDatabaseMissingException(_target, settings.Database ?? _user, e),
        "53100" => new StoreDiskFullException(_target, e),
        "53300" => new StoreUnavailableException(_target, "it has no connection left; raise max_connections or lower MaxConnections", e),
        "57P01" or "57P02" or "57P03" or "57P05" => new StoreUnavailableException(_target, e.MessageText, e),
        _ when e.SqlState.StartsWith("08", StringComparison.Ordinal) => new StoreUnavailableException(_target, e.MessageText, e),
        "42501" or "25006" => new StorePermissionException(_target, _user, e.MessageText, e),
        "42P01" or "42703" or "42883" or "3F000" =>
            new StoreSchemaMismatchException(schema, $"something else ({e.MessageText})", "its own tables", e),
        "22P02" or "22P05" or "22021" or "22003" or "54000" or "54001" => new InvalidJsonException(e.MessageText, e),
        BlobConflict => new BlobConflictException(new BlobKey(Convert.FromHexString(e.MessageText))),
        _ => new StoreOperationException(_target, e.SqlState, e.MessageText, e),
    };

    /// <summary>Reads <see cref="CollectionOwned"/> for a writer.</summary>
    public static CollectionOwnedException Owned(PostgresException e, string writer)
    {
        var parts = JsonSerializer.Deserialize<string[]>(e.MessageText)!;
        return new CollectionOwnedException(parts[0], parts[1], writer);
    }
}
