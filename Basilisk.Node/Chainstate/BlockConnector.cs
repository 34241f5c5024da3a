using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Judging;
using Basilisk.Store;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// What the writer does with a block: finds or makes the view it stands on, sets it aside where something is missing, connects it,
/// moves the tip where its chain has the most work, and goes on with the blocks that waited for it. Used by the writer alone.
/// </summary>
internal sealed class BlockConnector(
    ChainRules rules,
    ChainLog chainLog,
    OutcomeService outcomes,
    CheckpointStore checkpoints,
    PayloadBook payloads,
    HeaderChain headers,
    ViewTree views,
    ParkedBlocks parked,
    HeaderNode tip,
    ILogger log)
{
    private readonly ViewRestorer _restorer = new(rules, chainLog, views, outcomes.Remember);
    private readonly HashSet<Hash256> _judging = [];
    private HeaderNode _tip = tip;

    /// <summary>Told, after the log, that the tip moved: the view, blocks off and blocks on.</summary>
    public required Action<ViewLink, IReadOnlyList<ConnectedBlock>, IReadOnlyList<ConnectedBlock>> Moved { get; init; }

    /// <summary>Told, from any thread, that the judgement on a view is there, or why it failed.</summary>
    public required Action<Hash256, Exception?> Judged { get; init; }

    /// <summary>The chain goes on from a snapshot's block.</summary>
    public void Enter(HeaderNode block)
    {
        _tip = block;
        headers.MoveTip(block);
    }

    /// <summary>Takes a block, and then those that waited for it.</summary>
    public async Task TakeAsync(BlockTicket ticket, CancellationToken cancellation)
    {
        var open = new Stack<BlockTicket>([ticket]);
        while (open.TryPop(out BlockTicket? next))
        {
            await DecideAsync(next, cancellation);
            if (views.Find(next.Block.Hash) is not null)
            {
                foreach (BlockTicket child in parked.TakeOn(next.Block.Hash))
                {
                    open.Push(child);
                }
            }
        }
    }

    /// <summary>Goes on with the blocks that waited for a judgement.</summary>
    /// <exception cref="Exception">Judging failed for another reason than the store: the node cannot go on.</exception>
    public async Task ResumeAsync(Hash256 parent, Exception? failure, CancellationToken cancellation)
    {
        _judging.Remove(parent);
        if (failure is not null and not StoreException)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        foreach (BlockTicket ticket in parked.TakeOn(parent))
        {
            if (failure is not null)
            {
                log.BlockNotStored(ticket.Block.Height, failure.Message);
                parked.LetGo(ticket);
                ticket.Fail(failure);
                continue;
            }

            await TakeAsync(ticket, cancellation);
        }
    }

    /// <summary>Connects what is here of the best header chain: parked blocks, and blocks of the log that were connected before.</summary>
    public async Task AdvanceAsync(CancellationToken cancellation)
    {
        try
        {
            HeaderNode? node = headers.NextToBest(_tip);
            while (node is not null)
            {
                if (views.Find(node.Hash) is null)
                {
                    BlockTicket? ticket = parked.Take(node.Hash) ?? ((await chainLog.ReadBlockAsync(node.Hash, cancellation))?.Block is { } stored ? new BlockTicket(stored) : null);
                    if (ticket is null)
                    {
                        return;
                    }

                    await TakeAsync(ticket, cancellation);
                }

                if (views.Find(node.Hash) is not { } link)
                {
                    return; // Refused, or it waits.
                }

                if (link.View.State.Head.TotalWork > _tip.TotalWork)
                {
                    await MoveAsync(node, link, cancellation);
                }

                node = headers.NextToBest(node);
            }
        }
        catch (StoreException error)
        {
            log.BlockNotStored(headers.Best.Height, error.Message); // The next block tries again.
        }
    }

    private async Task DecideAsync(BlockTicket ticket, CancellationToken cancellation)
    {
        Block block = ticket.Block;
        parked.Hold(ticket);
        try
        {
            (Refusal? refusal, BlockWait wait) = await CheckAsync(block, cancellation);
            if (wait != BlockWait.None)
            {
                Park(ticket, wait);
                return;
            }

            if (refusal is not null)
            {
                log.BlockRefused(block.Hash.ToString(), block.Height, refusal.ToString());
            }

            Decide(ticket, refusal, _tip.Hash == block.Hash);
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            ticket.Cancel(error.CancellationToken);
            throw;
        }
        catch (StoreException error)
        {
            // Nothing was written and the tip has not moved; the same block can be handed in again.
            log.BlockNotStored(block.Height, error.Message);
            parked.LetGo(ticket);
            ticket.Fail(error);
        }
    }

    private void Decide(BlockTicket ticket, Refusal? refusal, bool isTip)
    {
        parked.LetGo(ticket); // First: who hears that it was refused finds it gone.
        ticket.Decide(refusal, isTip);
    }

    private async Task<(Refusal? Refusal, BlockWait Wait)> CheckAsync(Block block, CancellationToken cancellation)
    {
        if (!headers.Add(block.Header).TryGet(out HeaderNode? node, out Refusal? headerRefusal))
        {
            return (headerRefusal, BlockWait.None);
        }

        if (node.IsInvalid)
        {
            return (new Refusal(RefusalKind.Header, Tokens.HeaderInvalidAncestor, $"Block {block.Hash}, or one below it, is invalid."), BlockWait.None);
        }

        if (views.Find(block.Hash) is not null || headers.IsConnected(node))
        {
            return (null, BlockWait.None);
        }

        if (headers.CheckFinality(node) is { } tooDeep)
        {
            log.ReorganisationTooDeep(block.Hash.ToString(), (ulong)(tooDeep.Seen ?? 0), rules.Parameters.FinalityRounds);
            return (tooDeep, BlockWait.None);
        }

        if (await ParentAsync(node, cancellation) is not { } parent)
        {
            return SetAside(block, BlockWait.Parent);
        }

        RoundOutcome? outcome = null;
        if (rules.NeedsOutcome(parent.View.State))
        {
            outcome = outcomes.Ready(parent.View);
            if (outcome is null)
            {
                return SetAside(block, BlockWait.Judgement);
            }
        }

        return (await ConnectAsync(block, node, parent, outcome, cancellation), BlockWait.None);
    }

    /// <summary>The view a block stands on. One that is no longer held is made again where the block's chain is the one to follow.</summary>
    private async Task<ViewLink?> ParentAsync(HeaderNode node, CancellationToken cancellation)
    {
        HeaderNode parent = node.Parent!;
        if (views.Find(parent.Hash) is { } held)
        {
            return held;
        }

        if (!chainLog.Has(parent.Hash) || !headers.IsOnBest(node) || await _restorer.RestoreAsync(parent, null, cancellation) is not { } restored)
        {
            return null;
        }

        await new CheckpointRecovery(rules.Parameters, chainLog, checkpoints, payloads, _restorer).EnsureAsync(parent, restored, cancellation);
        return restored;
    }

    /// <summary>A body that is set aside must at least be the one its header names: nobody can fill the place with another.</summary>
    private static (Refusal? Refusal, BlockWait Wait) SetAside(Block block, BlockWait wait) =>
        CheckRoots(block) is { } refusal ? (refusal, BlockWait.None) : (null, wait);

    private static Refusal? CheckRoots(Block block)
    {
        if (Block.TransactionsRoot(block.Transactions) != block.Header.TransactionsRoot)
        {
            return new Refusal(RefusalKind.Isolation, Tokens.TransactionsRootMismatch, "The transactions do not hash to the header's root.");
        }

        return Block.SidecarRoot(block.PayloadHashes) != block.Header.SidecarRoot
            ? new Refusal(RefusalKind.Isolation, Tokens.SidecarRootMismatch, "The payloads do not hash to the header's root.")
            : null;
    }

    private void Park(BlockTicket ticket, BlockWait wait)
    {
        if (parked.Waiting(ticket.Block.Hash) is { } same)
        {
            same.Share(ticket);
            ticket.Park(wait, isRepeated: true);
            return;
        }

        foreach (BlockTicket gone in parked.Add(ticket))
        {
            Decide(
                gone,
                new Refusal(RefusalKind.Header, HeaderTokens.ParkedFull, "Too many blocks wait for others below them; hand it in again when they are here.", parked.Count + 1, parked.Count),
                isTip: false);
        }

        ticket.Park(wait);
        Hash256 parent = ticket.Block.Header.ParentHash;
        if (wait == BlockWait.Judgement && _judging.Add(parent))
        {
            outcomes.OutcomeAsync(views.Find(parent)!.View, CancellationToken.None).ContinueWith(
                judged => Judged(parent, judged.Exception?.InnerException), CancellationToken.None, TaskContinuationOptions.NotOnCanceled, TaskScheduler.Default);
        }
    }

    private async Task<Refusal?> ConnectAsync(Block block, HeaderNode node, ViewLink parent, RoundOutcome? outcome, CancellationToken cancellation)
    {
        if (!rules.Connect(parent.View.State, block, outcome).TryGet(out ConnectedBlock? connected, out Refusal? refusal))
        {
            // Only what the header commits to can condemn it: whoever sends a good header with another body does not poison it.
            if (CheckRoots(block) is null)
            {
                headers.MarkInvalid(node);
                RefuseOn(block.Hash);
            }

            return refusal;
        }

        for (int i = 0; i < block.Payloads.Length; i++)
        {
            payloads.Hold(block.PayloadHashes[i], block.Payloads[i]);
        }

        ViewLink link = views.Extend(parent, connected);
        if (link.View.State.Head.TotalWork > _tip.TotalWork)
        {
            try
            {
                await MoveAsync(node, link, cancellation);
            }
            catch (StoreException)
            {
                views.Remove(link);
                throw;
            }
        }

        return null;
    }

    /// <summary>Refuses every block that waits on top of an invalid one.</summary>
    private void RefuseOn(Hash256 invalid)
    {
        var open = new Stack<Hash256>([invalid]);
        while (open.TryPop(out Hash256 next))
        {
            foreach (BlockTicket child in parked.TakeOn(next))
            {
                Decide(child, new Refusal(RefusalKind.Header, Tokens.HeaderInvalidAncestor, $"Block {invalid} is invalid, and so is all on top of it."), isTip: false);
                open.Push(child.Block.Hash);
            }
        }
    }

    private async Task MoveAsync(HeaderNode to, ViewLink link, CancellationToken cancellation)
    {
        ChainSwitch change = HeaderTree.Switch(_tip, to);
        ConnectedBlock[] off = await LinksAsync(change.Disconnect, change.Fork, cancellation);
        ConnectedBlock[] on = await LinksAsync(change.Connect, change.Fork, cancellation);
        await chainLog.AppendAsync(off, on, log, cancellation);
        _tip = to;
        headers.MoveTip(to);
        Moved(link, off, on);
    }

    /// <summary>What the blocks of a way did; those no longer held are made again.</summary>
    private async Task<ConnectedBlock[]> LinksAsync(IReadOnlyList<HeaderNode> way, HeaderNode fork, CancellationToken cancellation)
    {
        // Highest first: making one again makes all below it.
        foreach (HeaderNode node in way.OrderByDescending(node => node.Height))
        {
            if (views.Find(node.Hash)?.Connected is null)
            {
                await _restorer.RestoreAsync(node, fork, cancellation);
            }
        }

        return
        [
            .. way.Select(node => views.Find(node.Hash)?.Connected
                ?? throw new InvalidOperationException($"Block {node.Height} {node.Hash} was connected, but the log does not have it any more.")),
        ];
    }
}
