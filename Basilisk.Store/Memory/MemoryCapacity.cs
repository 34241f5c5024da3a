namespace Basilisk.Store.Memory;

/// <summary>Simulated disk: counts the bytes of JSON and blobs, and refuses what does not fit.</summary>
public sealed class MemoryCapacity
{
    private readonly Lock _lock = new();
    private long _limit;
    private long _used;

    internal MemoryCapacity(long limit) => _limit = limit;

    /// <summary>Bytes; may be changed at any time, as a volume may be enlarged.</summary>
    public long Limit
    {
        get { lock (_lock) { return _limit; } }
        set { lock (_lock) { _limit = value; } }
    }

    public long Used
    {
        get { lock (_lock) { return _used; } }
    }

    /// <exception cref="StoreDiskFullException">It does not fit; nothing was taken.</exception>
    internal void Take(long bytes)
    {
        lock (_lock)
        {
            if (bytes > 0 && _used + bytes > _limit)
            {
                throw new StoreDiskFullException("memory");
            }
            _used += bytes;
        }
    }
}
