namespace Basilisk.Store;

/// <summary>The database refuses the user or the password.</summary>
public sealed class StoreAuthenticationException(string target, string user, Exception? inner = null)
    : StoreException($"PostgreSQL at {target} refuses user '{user}'. Check user and password of the connection string and the server's pg_hba.conf.", inner)
{
    public string Target { get; } = target;

    public string User { get; } = user;
}
