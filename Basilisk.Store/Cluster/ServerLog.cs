namespace Basilisk.Store.Cluster;

/// <summary>Takes what the server writes, passes it on, and keeps the last lines for a message.</summary>
internal sealed class ServerLog(Action<string>? sink)
{
    private const int Kept = 12;

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();

    public IReadOnlyList<string> Last
    {
        get { lock (_lock) { return [.. _last]; } }
    }

    public void Add(string? line)
    {
        if (string.IsNullOrEmpty(line))
        {
            return;
        }
        lock (_lock)
        {
            _last.Enqueue(line);
            if (_last.Count > Kept)
            {
                _last.Dequeue();
            }
        }
        sink?.Invoke(line);
    }

    /// <summary>The exception for a server or initdb that ended with these lines.</summary>
    public StoreException Failure(string directory, string reason) =>
        Last.Any(l => l.Contains("No space left on device", StringComparison.Ordinal))
            ? new StoreDiskFullException(directory)
            : new ClusterStartException(directory, reason, Last);
}
