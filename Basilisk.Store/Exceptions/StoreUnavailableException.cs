namespace Basilisk.Store;

/// <summary>The database does not answer: not running, starting, stopping, unreachable, or out of connections.</summary>
public sealed class StoreUnavailableException(string target, string reason, Exception? inner = null)
    : StoreException($"PostgreSQL at {target} does not answer ({reason}). Check that it runs and can be reached, then try again.", inner)
{
    /// <summary>Host, port and database; no secret.</summary>
    public string Target { get; } = target;
}
