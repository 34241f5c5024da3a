namespace Basilisk.Node.Peers.Sync;

/// <summary>
/// Whether the node is where its network is. Closed while it is far behind: miner and trainer wait, as what they made would be for
/// a chain that is no longer; transactions are not listened to, as they cannot be judged. Thread-safe.
/// </summary>
public sealed class SyncGate
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _current = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="isCurrent">How it starts: open for a node that nobody told of others.</param>
    public SyncGate(bool isCurrent)
    {
        if (isCurrent)
        {
            _current.SetResult();
        }
    }

    public bool IsCurrent
    {
        get
        {
            lock (_gate)
            {
                return _current.Task.IsCompleted;
            }
        }
    }

    /// <summary>Completes when the node is current; at once where it is.</summary>
    public Task WhenCurrentAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _current.Task.WaitAsync(cancellation);
        }
    }

    public void Set(bool isCurrent)
    {
        lock (_gate)
        {
            if (isCurrent)
            {
                _current.TrySetResult();
            }
            else if (_current.Task.IsCompleted)
            {
                _current = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
