using System.Collections.Concurrent;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers.Dialling;

/// <summary>The peers that the user named, at the start or since: each is kept connected as long as the node runs.</summary>
public sealed class JoinTargets(PeerOptions options, PeerNetwork network, TimeProvider time, ILogger<JoinTargets> log)
{
    private readonly ConcurrentDictionary<PeerName, byte> _added = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _stopping;

    /// <summary>Whether the user named any.</summary>
    public bool Any => options.Join.Count > 0 || !_added.IsEmpty;

    /// <summary>Names one more; false where it is named already.</summary>
    /// <exception cref="Failures.SettingOutOfRangeException">The text names no peer.</exception>
    public bool Add(string text)
    {
        PeerName name = PeerName.Parse(text);
        if (!_added.TryAdd(name, 0))
        {
            return false;
        }

        _ = KeepAsync(name);
        return true;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        _stopping = cancellation;
        foreach (string text in options.Join)
        {
            Add(text);
        }

        await _failure.Task.WaitAsync(cancellation);
    }

    private async Task KeepAsync(PeerName name)
    {
        try
        {
            await new JoinTarget(name, network, time, log).RunAsync(_stopping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (Exception error)
        {
            _failure.TrySetException(error); // Nobody awaits this task: the service fails, and with it the node.
            throw;
        }
    }
}
