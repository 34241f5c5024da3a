using System.Collections.Concurrent;
using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// Blocks that wait for their parent's body or for their round's judgement, bounded in number and in bytes; when there is no more
/// room, the highest gives way, which is needed last. Written by the writer alone; <see cref="Find"/> is for everybody.
/// </summary>
internal sealed class ParkedBlocks(int most = 1_024, long mostBytes = 256L << 20)
{
    private readonly ConcurrentDictionary<Hash256, BlockTicket> _byHash = new();
    private readonly Dictionary<Hash256, List<BlockTicket>> _byParent = [];
    private readonly SortedSet<(ulong Height, Hash256 Hash)> _byHeight = [];
    private long _bytes;

    public int Count => _byHash.Count;

    public BlockTicket? Find(Hash256 hash) => _byHash.GetValueOrDefault(hash);

    /// <summary>Takes a block in.</summary>
    /// <returns>Those that gave way, the block itself where it is the highest.</returns>
    public IReadOnlyList<BlockTicket> Add(BlockTicket ticket)
    {
        Block block = ticket.Block;
        if (!_byHash.TryAdd(block.Hash, ticket))
        {
            return [];
        }

        _bytes += BlockCodec.SizeOf(block);
        _byHeight.Add((block.Height, block.Hash));
        (_byParent.TryGetValue(block.Header.ParentHash, out List<BlockTicket>? siblings) ? siblings : _byParent[block.Header.ParentHash] = []).Add(ticket);
        var gone = new List<BlockTicket>();
        while (_byHash.Count > most || (_bytes > mostBytes && _byHash.Count > 1))
        {
            gone.Add(Take(_byHeight.Max.Hash)!);
        }

        return gone;
    }

    /// <summary>Takes a block out; null where it is not here.</summary>
    public BlockTicket? Take(Hash256 hash)
    {
        if (!_byHash.TryRemove(hash, out BlockTicket? ticket))
        {
            return null;
        }

        Block block = ticket.Block;
        _bytes -= BlockCodec.SizeOf(block);
        _byHeight.Remove((block.Height, hash));
        List<BlockTicket> siblings = _byParent[block.Header.ParentHash];
        siblings.Remove(ticket);
        if (siblings.Count == 0)
        {
            _byParent.Remove(block.Header.ParentHash);
        }

        return ticket;
    }

    /// <summary>Takes the blocks out that stand directly on one.</summary>
    public IReadOnlyList<BlockTicket> TakeOn(Hash256 parent) =>
        _byParent.TryGetValue(parent, out List<BlockTicket>? children) ? [.. children.ToList().Select(child => Take(child.Block.Hash)!)] : [];

    /// <summary>Takes everything out that lies below a height and waits for nothing that can still come.</summary>
    public IReadOnlyList<BlockTicket> TakeBelow(ulong height)
    {
        var gone = new List<BlockTicket>();
        while (_byHeight.Count > 0 && _byHeight.Min.Height < height)
        {
            gone.Add(Take(_byHeight.Min.Hash)!);
        }

        return gone;
    }
}
