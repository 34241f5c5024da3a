using System.Threading.Channels;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Validation;
using Basilisk.Chain.Validation.Header;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Judging;
using Basilisk.Node.Snapshots;
using Basilisk.Store;

namespace Basilisk.Node.Chainstate;

/// <summary>What became of a submitted block.</summary>
/// <param name="Refusal">Why it was not taken; null where it was.</param>
/// <param name="IsTip">Whether it is the tip now.</param>
public sealed record BlockSubmission(Refusal? Refusal, bool IsTip);

/// <summary>
/// The one writer of the chain. Blocks come in through a bounded queue; each is checked on the view it stands on, and where its
/// chain has the most work the tip moves: first in the log, then for the readers, who only ever see immutable views.
/// </summary>
public sealed class ChainstateService(
    ChainRules rules,
    ChainLog chainLog,
    OutcomeService outcomes,
    CheckpointStore checkpoints,
    PayloadBook payloads,
    TimeProvider time,
    ILogger<ChainstateService> log,
    StartupSnapshots? startup = null,
    PayloadPruning? pruning = null)
{
    private readonly Channel<(Block Block, TaskCompletionSource<BlockSubmission> Done)> _queue =
        Channel.CreateBounded<(Block, TaskCompletionSource<BlockSubmission>)>(256);

    private readonly Lock _subscribersGate = new();
    private readonly ViewTree _views = new();
    private Action<ChainChange>[] _subscribers = [];
    private HeaderTree? _headers;
    private volatile ChainView? _current;

    /// <summary>The chain now.</summary>
    public ChainView Current => _current ?? throw new InvalidOperationException("The chain is not loaded yet.");

    public NetworkParameters Parameters => rules.Parameters;

    /// <summary>States that the node offers to others who start from one.</summary>
    public SnapshotShelf Snapshots { get; } = new(rules.Parameters);

    /// <summary>Calls back, on the writer's thread, after each move of the tip; the callback must not wait.</summary>
    public IDisposable Subscribe(Action<ChainChange> callback)
    {
        lock (_subscribersGate)
        {
            _subscribers = [.. _subscribers, callback];
        }

        return new Subscription(this, callback);
    }

    /// <summary>Loads the chain from its log. Call once, before <see cref="RunAsync"/>.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var replay = new ChainReplay(rules, chainLog, checkpoints, payloads, outcomes, _views, time, log, startup);
        ChainView tip = await replay.RunAsync(cancellation);
        await (pruning?.OpenAsync(cancellation) ?? Task.CompletedTask);
        _headers = replay.Headers;
        _current = tip;
        ViewLink link = _views.Find(tip.Hash)!;
        Snapshots.Follow(tip, _views.Downwards(link));
        startup?.Follow(_views, link, _headers, chainLog);
        LetGo(tip);
        outcomes.Prepare(tip);
    }

    /// <summary>Hands in a block and waits for the verdict.</summary>
    public async Task<BlockSubmission> SubmitAsync(Block block, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(block);
        var done = new TaskCompletionSource<BlockSubmission>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync((block, done), cancellation);
        return await done.Task.WaitAsync(cancellation);
    }

    /// <summary>The writer. Returns when cancelled; what was appended by then is the chain.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach ((Block block, TaskCompletionSource<BlockSubmission> done) in _queue.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                Refusal? refusal = await TakeAsync(block, cancellation);
                if (refusal is not null)
                {
                    log.BlockRefused(block.Hash.ToString(), block.Height, refusal.ToString());
                }

                done.TrySetResult(new BlockSubmission(refusal, Current.Hash == block.Hash));
            }
            catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
            {
                done.TrySetCanceled(error.CancellationToken);
                throw;
            }
            catch (StoreException error)
            {
                // Nothing was written and the tip has not moved; the same block can be handed in again.
                log.BlockNotStored(block.Height, error.Message);
                done.TrySetException(error);
            }
        }
    }

    private async Task<Refusal?> TakeAsync(Block block, CancellationToken cancellation)
    {
        if (_views.Find(block.Hash) is not null)
        {
            return null;
        }

        ulong now = (ulong)time.GetUtcNow().ToUnixTimeSeconds();
        if (HeaderRules.CheckClock(Parameters, block.Header, now) is { } early)
        {
            return early;
        }

        if (!_headers!.Add(block.Header).TryGet(out HeaderNode? node, out Refusal? headerRefusal))
        {
            return headerRefusal;
        }

        ChainSwitch change = HeaderTree.Switch(_headers.Find(Current.Hash)!, node);
        if (Finality.Check(Parameters, change) is { } tooDeep)
        {
            log.ReorganisationTooDeep(block.Hash.ToString(), (ulong)(tooDeep.Seen ?? 0), Parameters.FinalityRounds);
            return tooDeep;
        }

        ViewLink? parent = _views.Find(block.Header.ParentHash);
        if (parent is null)
        {
            return new Refusal(RefusalKind.Header, Tokens.HeaderOrphan, $"The body of parent {block.Header.ParentHash} is not here.");
        }

        if (change.Disconnect.Any(off => _views.Find(off.Hash)?.Connected is null) || change.Connect.Any(on => on != node && _views.Find(on.Hash) is null))
        {
            return new Refusal(
                RefusalKind.Header,
                Tokens.ReorganisationTooDeep,
                $"The other chain leaves this one at height {change.Fork.Height}, below what the node holds.",
                (long)(Current.State.Height - change.Fork.Height),
                (long)Retention.Reach(Parameters));
        }

        return await ConnectAsync(block, node, parent, change, cancellation);
    }

    private async Task<Refusal?> ConnectAsync(Block block, HeaderNode node, ViewLink parent, ChainSwitch change, CancellationToken cancellation)
    {
        RoundOutcome? outcome = rules.NeedsOutcome(parent.View.State) ? await outcomes.OutcomeAsync(parent.View, cancellation) : null;
        if (!rules.Connect(parent.View.State, block, outcome).TryGet(out ConnectedBlock? connected, out Refusal? refusal))
        {
            // Only what the header commits to can condemn it: whoever sends a good header with another body does not poison it.
            if (Block.TransactionsRoot(block.Transactions) == block.Header.TransactionsRoot && Block.SidecarRoot(block.PayloadHashes) == block.Header.SidecarRoot)
            {
                _headers!.MarkInvalid(node);
            }

            return refusal;
        }

        for (int i = 0; i < block.Payloads.Length; i++)
        {
            payloads.Hold(block.PayloadHashes[i], block.Payloads[i]);
        }

        ViewLink link = _views.Extend(parent, connected);
        if (link.View.State.Head.TotalWork > Current.State.Head.TotalWork)
        {
            try
            {
                await MoveAsync(link, change, cancellation);
            }
            catch (StoreException)
            {
                _views.Remove(link);
                throw;
            }
        }

        return null;
    }

    private async Task MoveAsync(ViewLink tip, ChainSwitch change, CancellationToken cancellation)
    {
        ConnectedBlock[] off = [.. change.Disconnect.Select(node => _views.Find(node.Hash)!.Connected!)];
        ConnectedBlock[] on = [.. change.Connect.Select(node => _views.Find(node.Hash)!.Connected!)];
        await chainLog.AppendAsync(off, on, log, cancellation);
        _current = tip.View;
        Announce(off, on);
        if (off.Length > 0 || on.Any(connected => Parameters.Rounds.IsLastOfRound(connected.Block.Height)))
        {
            Snapshots.Follow(tip.View, _views.Downwards(tip));
            startup?.Follow(_views, tip, _headers!, chainLog);
            pruning?.Follow(_views, tip, Snapshots, startup);
        }

        LetGo(tip.View);
        outcomes.Prepare(tip.View);
        foreach (Action<ChainChange> subscriber in _subscribers)
        {
            subscriber(new ChainChange(
                tip.View,
                [.. on.Select(connected => connected.Block.Hash.ToString())],
                [.. off.Select(connected => connected.Block.Hash.ToString())],
                chainLog.LastSequence) { DisconnectedBlocks = [.. off.Select(connected => connected.Block)] });
        }
    }

    private void Announce(ConnectedBlock[] off, ConnectedBlock[] on)
    {
        ConnectedBlock tip = on[^1];
        if (off.Length > 0)
        {
            log.Reorganised(off.Length, on.Length, tip.Block.Height, tip.Block.Hash.ToString());
        }

        foreach (ConnectedBlock connected in on)
        {
            Block block = connected.Block;
            log.BlockConnected(block.Height, block.Hash.ToString(), block.Header.Miner.ToString(), block.Transactions.Length, block.Payloads.Length);
            if (connected.RoundEnd is { } end)
            {
                chainLog.Announce(end, log);
            }
        }
    }

    /// <summary>Forgets what no reorganisation can reach and no judgement asks for.</summary>
    private void LetGo(ChainView tip)
    {
        Retention.Prune(_views, tip);

        // Asked first: a judgement that ends after this has its result kept until the next round's end.
        if (Parameters.Rounds.IsLastOfRound(tip.State.Height) && !outcomes.IsPending)
        {
            Retention.LetGo(Parameters, [.. _views.All(), .. Snapshots.Views, .. pruning?.Held ?? []], outcomes.Results, checkpoints, payloads);
        }

        outcomes.ForgetBefore(tip.Round > Parameters.FinalityRounds + 1 ? tip.Round - Parameters.FinalityRounds - 1 : 0);
    }

    private sealed class Subscription(ChainstateService owner, Action<ChainChange> callback) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._subscribersGate)
            {
                owner._subscribers = [.. owner._subscribers.Where(subscriber => subscriber != callback)];
            }
        }
    }
}
