using System.Collections.Concurrent;
using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// Blocks that wait for their parent's body or for their round's judgement, bounded in number and in bytes; when there is no more
/// room, the highest gives way, which is needed last. Written by the writer alone; <see cref="IsHere"/> is for everybody.
/// </summary>
internal sealed class ParkedBlocks(int most = 1_024, long mostBytes = 256L << 20)
{
    private readonly Dictionary<Hash256, BlockTicket> _byHash = [];
    private readonly Dictionary<Hash256, List<BlockTicket>> _byParent = [];
    private readonly SortedSet<(ulong Height, Hash256 Hash)> _byHeight = [];

    /// <summary>Blocks that wait, and those in the writer's hand: one that waits no more is here until it is decided.</summary>
    private readonly ConcurrentDictionary<Hash256, BlockTicket> _here = new();
    private long _bytes;

    public int Count => _byHash.Count;

    /// <summary>Whether a block waits or is being decided.</summary>
    public bool IsHere(Hash256 hash) => _here.ContainsKey(hash);

    /// <summary>A block that waits; null otherwise.</summary>
    public BlockTicket? Waiting(Hash256 hash) => _byHash.GetValueOrDefault(hash);

    /// <summary>The writer looks at a block now.</summary>
    public void Hold(BlockTicket ticket) => _here.TryAdd(ticket.Block.Hash, ticket);

    /// <summary>A block is decided, or failed; another ticket for the same block stays.</summary>
    public void LetGo(BlockTicket ticket) => _here.TryRemove(KeyValuePair.Create(ticket.Block.Hash, ticket));

    /// <summary>Takes a block in.</summary>
    /// <returns>Those that gave way, the block itself where it is the highest.</returns>
    public IReadOnlyList<BlockTicket> Add(BlockTicket ticket)
    {
        Block block = ticket.Block;
        if (!_byHash.TryAdd(block.Hash, ticket))
        {
            return [];
        }

        Hold(ticket);
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

    /// <summary>Hands a block to the writer, who has to let go of it; null where it does not wait.</summary>
    public BlockTicket? Take(Hash256 hash)
    {
        if (!_byHash.Remove(hash, out BlockTicket? ticket))
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

    /// <summary>Hands the blocks to the writer that stand directly on one.</summary>
    public IReadOnlyList<BlockTicket> TakeOn(Hash256 parent) =>
        _byParent.TryGetValue(parent, out List<BlockTicket>? children) ? [.. children.ToList().Select(child => Take(child.Block.Hash)!)] : [];
}
