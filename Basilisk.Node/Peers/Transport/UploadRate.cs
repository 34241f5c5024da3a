namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// So many bytes a second on average, and a second's worth at once. Who sends beyond waits until what was sent before him is paid for, and for nothing
/// of what comes after: his wait is known when it begins, and nobody can make it longer. The time of one who gives up goes to who comes next. Thread-safe.
/// </summary>
internal sealed class UploadRate(long bytesPerSecond, TimeProvider time)
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _paidUntil = -Burst;

    /// <summary>Counts bytes that are to be sent when it is their turn, and waits for it. Whoever gives up has sent nothing, and owes nothing.</summary>
    public async ValueTask WaitAsync(long bytes, CancellationToken cancellation)
    {
        TimeSpan wait = Take(bytes);
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await Task.Delay(wait, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            GiveBack(bytes);
            throw;
        }
    }

    /// <summary>Counts bytes; the time until they are due, negative where the line is free.</summary>
    public TimeSpan Take(long bytes)
    {
        lock (_gate)
        {
            TimeSpan now = time.GetElapsedTime(_start);
            TimeSpan turn = _paidUntil > now - Burst ? _paidUntil : now - Burst;
            _paidUntil = turn + CostOf(bytes);
            return turn - now;
        }
    }

    private void GiveBack(long bytes)
    {
        lock (_gate)
        {
            _paidUntil -= CostOf(bytes);
        }
    }

    private TimeSpan CostOf(long bytes) => TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
}
