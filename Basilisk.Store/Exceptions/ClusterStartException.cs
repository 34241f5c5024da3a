namespace Basilisk.Store;

/// <summary>The private database did not start.</summary>
public sealed class ClusterStartException(string directory, string reason, IReadOnlyList<string> log)
    : StoreException(
        $"The private PostgreSQL in {directory} did not start: {reason}. "
        + (log.Count == 0 ? "It logged nothing." : $"Its last words: {string.Join(" | ", log)}"))
{
    public string Directory { get; } = directory;

    /// <summary>The last lines the server wrote.</summary>
    public IReadOnlyList<string> Log { get; } = log;
}
