using System.Collections.Concurrent;
using System.Threading.Channels;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Mempool;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Sync;
using Basilisk.Store;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// Takes announced blocks: the header first, its work checked; then the body from the mempool, the missing parts from who announced it,
/// or the whole block. A block that becomes the tip is announced on by <see cref="BlockAnnouncing"/>. A parent that is not known means
/// that headers come first.
/// </summary>
public sealed class BlockRelay(IPeerChain chain, TransactionPool pool, LivePeers peers, BlockClaims claims, BlockBlame blame, PeerMeter meter, TimeProvider time, ILogger<BlockRelay> log) : IConversation
{
    /// <summary>Announcements of one peer that may wait; a newer tip pushes out an older.</summary>
    private const int MostWaiting = 16;

    /// <summary>How soon it is looked again whether a block came that another peer was asked for.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<LivePeer, Channel<NewBlock>> _announced = new();

    public void Take(LivePeer peer, NewBlock announcement)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(announcement);
        peer.KnownBlocks.Add(announcement.Header.Hash);
        QueueOf(peer).Writer.TryWrite(announcement);
    }

    public async Task RunAsync(LivePeer peer, CancellationToken closed)
    {
        try
        {
            await foreach (NewBlock announcement in QueueOf(peer).Reader.ReadAllAsync(closed))
            {
                await HandleAsync(peer, announcement, closed);
            }
        }
        finally
        {
            _announced.TryRemove(peer, out _);
        }
    }

    private Channel<NewBlock> QueueOf(LivePeer peer) => _announced.GetOrAdd(
        peer, _ => Channel.CreateBounded<NewBlock>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }));

    private async Task HandleAsync(LivePeer peer, NewBlock announcement, CancellationToken closed)
    {
        Hash256 hash = announcement.Header.Hash;
        if (!chain.HasHeader(announcement.Header.ParentHash))
        {
            if (!await IsLightAsync(peer, announcement.Header, closed))
            {
                peer.WantHeaders();
                peers.TipChanged();
            }

            return;
        }

        if (BlockBody.Check(announcement.Header, announcement.Transactions, announcement.Payloads) is { } mismatch)
        {
            peer.Peer.Report(Offence.InvalidBlock, mismatch);
            return;
        }

        while (!chain.HasBody(hash))
        {
            if (claims.TryClaim(hash, peer))
            {
                try
                {
                    await TakeAsync(peer, announcement, closed);
                }
                finally
                {
                    claims.Release(hash, peer);
                }

                return;
            }

            await Task.Delay(LookAgain, time, closed);
        }

        await NoteTipAsync(peer, announcement, closed);
    }

    /// <summary>Whether a header is the next of a chain that has less work than the best: not a reason to fetch that chain again.</summary>
    private async Task<bool> IsLightAsync(LivePeer peer, BlockHeader header, CancellationToken closed)
    {
        if (peer.Light is not { } end || end.Hash != header.ParentHash)
        {
            return false;
        }

        Verdict<ChainHead> grown = await chain.CheckHeadersAsync(end, [header], closed);
        if (grown.TryGet(out ChainHead? next, out Refusal? refusal))
        {
            peer.Light = next;
            return next.TotalWork <= chain.BestHeader.TotalWork;
        }

        HeaderQuestions.Blame(peer, refusal);
        return true;
    }

    private async Task TakeAsync(LivePeer peer, NewBlock announcement, CancellationToken closed)
    {
        // A header whose parent's body is missing lies on the way that the download goes.
        if (await NoteTipAsync(peer, announcement, closed) && chain.HasBody(announcement.Header.ParentHash) && await GetAsync(peer, announcement, closed) is { } block)
        {
            await SubmitAsync(peer, block, closed);
        }
    }

    /// <summary>Checks the header, and notes that the peer has it; false where it is refused.</summary>
    private async Task<bool> NoteTipAsync(LivePeer peer, NewBlock announcement, CancellationToken closed)
    {
        HeaderBatch batch = await chain.AddHeadersAsync([announcement.Header], closed);
        if (batch.Last is { } tip && batch.Refusal is null)
        {
            peer.Has(tip);
            peers.TipChanged();
            return true;
        }

        if (batch.Refusal is { } refusal)
        {
            HeaderQuestions.Blame(peer, refusal);
        }

        return false;
    }

    private async Task<Block?> GetAsync(LivePeer peer, NewBlock announcement, CancellationToken closed)
    {
        long wire = BlockHeader.Size + (33L * (announcement.Transactions.Length + announcement.Payloads.Length));
        var assembly = new BlockAssembly(announcement, pool);
        bool asked = !assembly.IsComplete;
        if (asked)
        {
            Verdict<BlockParts> answer = await peer.Peer.AskAsync<BlockParts>(
                new GetBlockParts(0, announcement.Header.Hash, assembly.MissingTransactions, assembly.MissingPayloads), closed);
            if (!answer.TryGet(out BlockParts? parts, out Refusal? none))
            {
                return none.Token is PeerTokens.NotServed ? await GetWholeAsync(peer, announcement.Header, wire, closed) : Failed(peer, none);
            }

            if (assembly.Fill(parts) is { } wrong)
            {
                peer.Peer.Report(wrong.Token == PeerTokens.WrongAnswer ? Offence.Malformed : Offence.InvalidBlock, wrong);
                return null;
            }

            wire += parts.Transactions.Sum(transaction => (long)transaction.Size) + parts.Payloads.Sum(payload => (long)payload.Length);
        }

        Block block = assembly.Build();
        meter.Relayed(wire, BlockCodec.SizeOf(block), asked, whole: false);
        return block;
    }

    private async Task<Block?> GetWholeAsync(LivePeer peer, BlockHeader header, long wire, CancellationToken closed)
    {
        Verdict<Messages.Blocks> answer = await peer.Peer.AskAsync<Messages.Blocks>(new GetBlocks(0, [header.Hash]), closed);
        if (!answer.TryGet(out Messages.Blocks? blocks, out Refusal? none))
        {
            return Failed(peer, none);
        }

        Block block = blocks.Whole[0];
        if (block.Hash != header.Hash)
        {
            peer.Peer.Report(Offence.UnaskedAnswer, new Refusal(RefusalKind.Isolation, PeerTokens.WrongAnswer, "Another block than was asked for."));
            return null;
        }

        if (BlockBody.Check(block) is { } mismatch)
        {
            peer.Peer.Report(Offence.InvalidBlock, mismatch);
            return null;
        }

        meter.Relayed(wire + BlockCodec.SizeOf(block), BlockCodec.SizeOf(block), asked: true, whole: true);
        return block;
    }

    private static Block? Failed(LivePeer peer, Refusal refusal)
    {
        if (refusal.Token == PeerTokens.Timeout)
        {
            peer.Peer.Report(Offence.Stalled, refusal);
        }

        return null;
    }

    private async Task SubmitAsync(LivePeer peer, Block block, CancellationToken closed)
    {
        try
        {
            blame.Judge(peer.Peer, block, await chain.SubmitAsync(block, closed));
        }
        catch (StoreException error)
        {
            log.PeerBlockNotStored(block.Hash.ToString(), block.Height, error.Message); // The download asks for it again.
        }
    }
}
