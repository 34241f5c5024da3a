using System.Threading.Channels;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Judging;
using Basilisk.Node.Snapshots;
using Basilisk.Store;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// The one writer of the chain. Blocks come in through a bounded queue, in any order; each is checked on the view it stands on, and
/// where its chain has the most work the tip moves: first in the log, then for the readers, who only ever see immutable views. The
/// writer waits for nothing but the store: a block whose parent or whose round's judgement is missing is set aside.
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
    private readonly Channel<Func<CancellationToken, Task>> _queue = Channel.CreateBounded<Func<CancellationToken, Task>>(256);
    private readonly Lock _subscribersGate = new();
    private readonly ViewTree _views = new();
    private readonly ParkedBlocks _parked = new();
    private Action<ChainChange>[] _subscribers = [];
    private HeaderChain? _headers;
    private BlockConnector? _connector;
    private volatile ChainView? _current;
    private int _advances;

    /// <summary>The chain now.</summary>
    public ChainView Current => _current ?? throw new InvalidOperationException("The chain is not loaded yet.");

    /// <summary>All headers, and the choice between their chains.</summary>
    public HeaderChain Headers => _headers ?? throw new InvalidOperationException("The chain is not loaded yet.");

    public NetworkParameters Parameters => rules.Parameters;

    /// <summary>States that the node offers to others who start from one.</summary>
    public SnapshotShelf Snapshots { get; } = new(rules.Parameters);

    /// <summary>Blocks above this height are held with their payloads; 0 for all: the node is an archive.</summary>
    public ulong HeldFrom => Math.Max(chainLog.SnapshotHeight, pruning?.HeldFrom ?? 0);

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
        HeaderNode node = replay.Headers.Find(tip.Hash)!;
        _headers = new HeaderChain(rules, replay.Headers, node, time, log);
        foreach (Hash256 accepted in await chainLog.ReadFollowedAsync(cancellation))
        {
            _headers.Accept(accepted);
        }

        _current = tip;
        _connector = new BlockConnector(rules, chainLog, outcomes, checkpoints, payloads, _headers, _views, _parked, node, log) { Moved = Follow, Judged = Judged };
        _headers.BestMoved = Advance;
        outcomes.IsUrgent = view => _headers.Find(view.Hash) is { } stands && _headers.IsOnBest(stands);
        _views.Anchors.Keep(ChainView.Genesis(Parameters)); // Where a start skipped the chain's first blocks, they are still in the log.
        ViewLink link = _views.Find(tip.Hash)!;
        Snapshots.Follow(tip, _views.Downwards(link));
        startup?.Follow(_views, link, _headers, chainLog);
        LetGo(tip);
        outcomes.Prepare(tip);
        Advance();
    }

    /// <summary>Hands in a block and waits for the verdict, a judgement that it needs included. Where its parent is missing, that is the verdict for now.</summary>
    public async Task<BlockSubmission> SubmitAsync(Block block, CancellationToken cancellation)
    {
        BlockSubmission taken = await OfferAsync(block, cancellation);
        return taken is { Wait: BlockWait.Judgement, Verdict: { } verdict } ? await verdict.WaitAsync(cancellation) : taken;
    }

    /// <summary>Hands in a block and waits until it is connected, refused, or set aside because something is missing.</summary>
    public async Task<BlockSubmission> OfferAsync(Block block, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(block);
        var ticket = new BlockTicket(block);
        await _queue.Writer.WriteAsync(stopping => _connector!.TakeAsync(ticket, stopping), cancellation);
        return await ticket.Taken.WaitAsync(cancellation);
    }

    /// <summary>Whether a block is connected, or is here and waits.</summary>
    public bool HasBody(HeaderNode node)
    {
        ArgumentNullException.ThrowIfNull(node);

        // In the order that a block goes: one that is connected meanwhile is found where it went.
        return _parked.IsHere(node.Hash) || _views.Find(node.Hash) is not null || chainLog.Has(node.Hash) || Headers.IsConnected(node);
    }

    /// <summary>
    /// A connected block held in memory; null otherwise. One that waits is nobody's to ask for: whoever passes on what he has not checked
    /// would answer for it.
    /// </summary>
    public Block? FindRecent(Hash256 hash) => _views.Find(hash)?.Connected?.Block;

    /// <summary>A block's encoding, from memory or from the log; null where it is not here, or not its payloads any more.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadBlockAsync(Hash256 hash, CancellationToken cancellation)
    {
        if (FindRecent(hash) is { } recent)
        {
            return BlockCodec.Encode(recent);
        }

        return await chainLog.ReadBytesAsync(hash, cancellation);
    }

    /// <summary>Follows chains that contain a block, however many settled rounds that undoes: the operator's choice, kept in the log.</summary>
    public async Task FollowAsync(HeaderNode block, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(block);
        await chainLog.AppendFollowedAsync(block.Hash, block.Height, cancellation);
        log.ChainAccepted(block.Hash.ToString(), block.Height);
        Headers.Accept(block.Hash);
    }

    /// <summary>Makes a snapshot the start of the chain, in one append to the log.</summary>
    /// <param name="content">Checked against the headers by whoever made it; its state is checked here again.</param>
    /// <param name="cancellation">Ends the waiting, not what was begun.</param>
    /// <returns>False where the chain has blocks already, or the snapshot's is not on the best header chain any more.</returns>
    /// <exception cref="StoreException">Nothing was installed; it can be tried again.</exception>
    public async Task<bool> InstallAsync(SnapshotContent content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(
            async stopping =>
            {
                try
                {
                    done.TrySetResult(await EnterAsync(content, stopping));
                }
                catch (StoreException error)
                {
                    done.TrySetException(error);
                }
            },
            cancellation);
        return await done.Task.WaitAsync(cancellation);
    }

    /// <summary>The writer. Returns when cancelled; what was appended by then is the chain.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (Func<CancellationToken, Task> job in _queue.Reader.ReadAllAsync(cancellation))
        {
            await job(cancellation);
        }
    }

    private async Task<bool> EnterAsync(SnapshotContent content, CancellationToken cancellation)
    {
        if (Current.Height > 0 || Headers.Find(content.Block.Hash) is not { } block || !Headers.IsOnBest(block))
        {
            return false;
        }

        ChainView view = SnapshotViews.Of(Parameters, block.Head, content);
        await chainLog.InstallAsync(content, view, HeadersUpTo(block), log, cancellation);
        foreach (Exact.Checkpoints.Checkpoint checkpoint in content.Checkpoints)
        {
            checkpoints.Put(checkpoint);
        }

        _views.Clear();
        ViewLink link = _views.Root(view);
        _connector!.Enter(block);
        _current = view;
        Snapshots.Follow(view, _views.Downwards(link));
        outcomes.Prepare(view);
        Tell(new ChainChange(view, [view.Hash.ToString()], [], chainLog.LastSequence));
        Advance();
        return true;
    }

    private static List<BlockHeader> HeadersUpTo(HeaderNode block)
    {
        var headers = new List<BlockHeader>((int)block.Height);
        for (HeaderNode node = block; node.Parent is not null; node = node.Parent)
        {
            headers.Add(node.Header);
        }

        headers.Reverse();
        return headers;
    }

    /// <summary>Another header chain is the best, or a judgement is there: blocks that are here already may connect now.</summary>
    private void Advance()
    {
        // One at a time: it looks at everything. Where the queue is full it waits for room beside the caller.
        if (Interlocked.Exchange(ref _advances, 1) == 0)
        {
            Enqueue(stopping =>
            {
                Interlocked.Exchange(ref _advances, 0);
                return _connector!.AdvanceAsync(stopping);
            });
        }
    }

    private void Judged(Hash256 parent, Exception? failure) => Enqueue(stopping => _connector!.ResumeAsync(parent, failure, stopping));

    private void Enqueue(Func<CancellationToken, Task> job)
    {
        if (!_queue.Writer.TryWrite(job))
        {
            _ = Task.Run(async () => await _queue.Writer.WriteAsync(job));
        }
    }

    private void Follow(ViewLink tip, IReadOnlyList<ConnectedBlock> off, IReadOnlyList<ConnectedBlock> on)
    {
        _current = tip.View;
        Announce(off, on);
        if (off.Count > 0 || on.Any(connected => Parameters.Rounds.IsLastOfRound(connected.Block.Height)))
        {
            Snapshots.Follow(tip.View, _views.Downwards(tip));
            startup?.Follow(_views, tip, Headers, chainLog);
            pruning?.Follow(_views, tip, Snapshots, startup);
        }

        LetGo(tip.View);
        outcomes.Prepare(tip.View);
        Tell(new ChainChange(
            tip.View,
            [.. on.Select(connected => connected.Block.Hash.ToString())],
            [.. off.Select(connected => connected.Block.Hash.ToString())],
            chainLog.LastSequence) { DisconnectedBlocks = [.. off.Select(connected => connected.Block)] });
    }

    private void Tell(ChainChange change)
    {
        foreach (Action<ChainChange> subscriber in _subscribers)
        {
            subscriber(change);
        }
    }

    private void Announce(IReadOnlyList<ConnectedBlock> off, IReadOnlyList<ConnectedBlock> on)
    {
        ConnectedBlock tip = on[^1];
        if (off.Count > 0)
        {
            log.Reorganised(off.Count, on.Count, tip.Block.Height, tip.Block.Hash.ToString());
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
        Retention.Prune(_views, tip, Headers.ForkHeight);

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
