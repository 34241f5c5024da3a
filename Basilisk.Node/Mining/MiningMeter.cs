namespace Basilisk.Node.Mining;

/// <summary>What the miner is doing, for the status line. Written by the miner, read by anyone.</summary>
public sealed class MiningMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, long Hashes)> _recent = new();
    private long _blocksFound;

    public string? Waiting { get; set; }

    public long BlocksFound => Interlocked.Read(ref _blocksFound);

    public double HashesPerSecond
    {
        get
        {
            lock (_gate)
            {
                Trim();
                return _recent.Sum(entry => entry.Hashes) / Window.TotalSeconds;
            }
        }
    }

    public void Hashed(long hashes)
    {
        lock (_gate)
        {
            _recent.Enqueue((time.GetTimestamp(), hashes));
            Trim();
        }
    }

    public void Found() => Interlocked.Increment(ref _blocksFound);

    private void Trim()
    {
        while (_recent.TryPeek(out (long At, long Hashes) oldest) && time.GetElapsedTime(oldest.At) > Window)
        {
            _recent.Dequeue();
        }
    }
}
