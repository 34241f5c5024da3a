namespace Basilisk.Store;

/// <summary>The database refused an operation for a reason that no other type names; a defect here or a damaged database.</summary>
public sealed class StoreOperationException(string target, string sqlState, string reason, Exception? inner = null)
    : StoreException($"PostgreSQL at {target} refused an operation (SQLSTATE {sqlState}: {reason}). Look at the server's log; if the data is sound, report this.", inner)
{
    /// <summary>The five-character code of the SQL standard.</summary>
    public string SqlState { get; } = sqlState;
}
