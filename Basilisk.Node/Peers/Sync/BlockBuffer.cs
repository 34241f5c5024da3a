using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Sync;

/// <summary>Downloaded blocks that wait for those below them, bounded in bytes together with those under way. Thread-safe.</summary>
internal sealed class BlockBuffer
{
    /// <summary>Bytes that blocks under way and waiting may have together.</summary>
    public const long MostBytes = 96L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, (Block Block, LivePeer From)> _blocks = [];
    private long _bytes;
    private double _average = 4_096;

    /// <summary>Whether as many more blocks as given are expected to fit.</summary>
    public bool HasRoomFor(int underWay)
    {
        lock (_gate)
        {
            return _bytes + (_average * underWay) < MostBytes;
        }
    }

    public bool Contains(Hash256 hash)
    {
        lock (_gate)
        {
            return _blocks.ContainsKey(hash);
        }
    }

    public void Put(Block block, LivePeer from)
    {
        long size = BlockCodec.SizeOf(block);
        lock (_gate)
        {
            _average += (size - _average) / 16;
            if (_blocks.TryAdd(block.Hash, (block, from)))
            {
                _bytes += size;
            }
        }
    }

    public (Block Block, LivePeer From)? Find(Hash256 hash)
    {
        lock (_gate)
        {
            return _blocks.TryGetValue(hash, out (Block, LivePeer) found) ? found : null;
        }
    }

    public void Remove(Hash256 hash)
    {
        lock (_gate)
        {
            if (_blocks.Remove(hash, out (Block Block, LivePeer From) removed))
            {
                _bytes -= BlockCodec.SizeOf(removed.Block);
            }
        }
    }

    /// <summary>Forgets blocks that are not wanted: those that the connected chain has passed, and all others where room is short.</summary>
    /// <param name="wanted">Bodies that are missing.</param>
    /// <param name="height">Height of the connected chain.</param>
    public void Keep(IReadOnlySet<Hash256> wanted, ulong height)
    {
        lock (_gate)
        {
            bool isShort = _bytes > MostBytes / 2;
            foreach ((Hash256 hash, (Block block, _)) in _blocks.Where(entry => !wanted.Contains(entry.Key) && (isShort || entry.Value.Block.Height <= height)).ToList())
            {
                _bytes -= BlockCodec.SizeOf(block);
                _blocks.Remove(hash);
            }
        }
    }
}
