using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>Announces the tip to everybody who does not know it, and gives parts of it to those who ask.</summary>
public sealed class BlockAnnouncing : IServing<GetBlockParts>, IDisposable
{
    private readonly IPeerChain _chain;
    private readonly LivePeers _peers;
    private readonly PeerMeter _meter;
    private readonly IDisposable _subscription;

    public BlockAnnouncing(IPeerChain chain, LivePeers peers, PeerMeter meter)
    {
        ArgumentNullException.ThrowIfNull(chain);
        (_chain, _peers, _meter) = (chain, peers, meter);
        _subscription = chain.Subscribe(Announce);
    }

    public void Dispose() => _subscription.Dispose();

    public async Task<PeerAnswer> AnswerAsync(IPeer peer, GetBlockParts request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        Block? block = await FindAsync(request.Block, cancellation);
        if (block is null || request.Transactions.Any(at => at >= block.Transactions.Length) || request.Payloads.Any(at => at >= block.Payloads.Length))
        {
            return new NotServed(request.RequestId, PeerTokens.NotServed);
        }

        return new BlockParts(
            request.RequestId,
            [.. request.Transactions.Select(at => block.Transactions[(int)at])],
            [.. request.Payloads.Select(at => block.Payloads[(int)at])]);
    }

    // On the writer's thread: it only puts messages into queues.
    private void Announce(ChainChange change)
    {
        IReadOnlyList<LivePeer> peers = _peers.All;
        if (peers.Count == 0 || _chain.FindRecent(change.View.Hash) is not { } block)
        {
            return;
        }

        NewBlock? announcement = null;
        foreach (LivePeer peer in peers)
        {
            // A peer that is ahead does not want what it has long had.
            if (peer.Tip.TotalWork >= change.View.State.Head.TotalWork || !peer.KnownBlocks.Add(block.Hash))
            {
                continue;
            }

            announcement ??= new NewBlock(block.Header, [.. block.Transactions.Select(transaction => transaction.Hash)], block.PayloadHashes);
            if (peer.Peer.TrySend(announcement))
            {
                _meter.Announced();
            }
        }
    }

    private async Task<Block?> FindAsync(Hash256 hash, CancellationToken cancellation)
    {
        if (_chain.FindRecent(hash) is { } recent)
        {
            return recent;
        }

        return await _chain.ReadBlockAsync(hash, cancellation) is { } bytes && BlockCodec.Decode(bytes.Span, _chain.Parameters.Caps).TryGet(out Block? block, out _)
            ? block
            : null;
    }
}
