namespace Basilisk.Node.Peers.Transport;

/// <summary>Lets through a rate on average and a burst at once. Not thread-safe.</summary>
internal sealed class TokenBucket
{
    private readonly double _perSecond;
    private readonly double _burst;
    private readonly TimeProvider _time;
    private double _tokens;
    private long _filled;

    public TokenBucket(double perSecond, double burst, TimeProvider time)
    {
        (_perSecond, _burst, _time) = (perSecond, burst, time);
        _tokens = burst;
        _filled = time.GetTimestamp();
    }

    /// <summary>Whether it holds as much as it can: nothing was taken for a while.</summary>
    public bool IsFull
    {
        get
        {
            Fill();
            return _tokens >= _burst;
        }
    }

    public bool TryTake(double tokens = 1)
    {
        Fill();
        if (_tokens < tokens)
        {
            return false;
        }

        _tokens -= tokens;
        return true;
    }

    /// <summary>Takes; where there is too little, begins a new burst instead: after one offence, the next needs as much again.</summary>
    public bool TryTakeOrRefill(double tokens = 1)
    {
        bool taken = TryTake(tokens);
        _tokens = taken ? _tokens : _burst;
        return taken;
    }

    private void Fill()
    {
        long now = _time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (_time.GetElapsedTime(_filled, now).TotalSeconds * _perSecond));
        _filled = now;
    }
}
