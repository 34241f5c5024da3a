namespace Basilisk.Store;

/// <summary>The server answers but has no such database.</summary>
public sealed class StoreDatabaseMissingException(string target, string database, Exception? inner = null)
    : StoreException($"PostgreSQL at {target} has no database '{database}'. Create it (CREATE DATABASE \"{database}\") or name another in the connection string.", inner)
{
    public string Database { get; } = database;
}
