using System.Threading.Channels;

namespace Basilisk.Node.Peers;

/// <summary>Wakes one waiting loop: signals that come while it is busy are one signal. Thread-safe.</summary>
public sealed class WakeSignal
{
    private readonly Channel<bool> _pending = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _pending.Writer.TryWrite(true);

    /// <summary>Waits for a signal that nobody has taken yet.</summary>
    public async Task WaitAsync(CancellationToken cancellation) => await _pending.Reader.ReadAsync(cancellation);

    /// <summary>Waits for a signal, at most as long; true where one came.</summary>
    public async Task<bool> WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var patience = new CancellationTokenSource(most, time);
        using CancellationTokenRegistration late = patience.Token.Register(either.Cancel);
        try
        {
            await _pending.Reader.ReadAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
