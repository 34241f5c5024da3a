using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Store;

namespace Basilisk.Node.Peers.Sync;

/// <summary>
/// Bodies on the way to the best header, from several peers at once, each in windows that fit its pace; handed in lowest first. Who
/// holds up the lowest missing block is left for another.
/// </summary>
public sealed class BlockDownload(IPeerChain chain, LivePeers peers, BlockClaims claims, BlockBlame blame, PeerMeter meter, TimeProvider time, ILogger<BlockDownload> log)
{
    /// <summary>How far ahead of the connected chain blocks are asked for.</summary>
    private const int Horizon = 1_024;

    private const int RequestsPerPeer = 2;

    /// <summary>How long the lowest missing block may be under way while others could give it.</summary>
    public static readonly TimeSpan StallTime = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<LivePeer, DownloadPace> _paces = [];
    private readonly Dictionary<Hash256, Request> _underWay = [];
    private readonly BlockBuffer _buffer = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WakeSignal _assign = new();
    private readonly WakeSignal _submit = new();

    public async Task RunAsync(CancellationToken cancellation)
    {
        void Wake()
        {
            _assign.Set();
            _submit.Set();
        }

        peers.Changed += Wake;
        claims.Released += Wake;
        using IDisposable subscription = chain.Subscribe(_ => Wake());
        try
        {
            await await Task.WhenAny(AssignAsync(cancellation), SubmitAsync(cancellation), _failure.Task);
        }
        finally
        {
            peers.Changed -= Wake;
            claims.Released -= Wake;
        }
    }

    private async Task AssignAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Assign(cancellation);
            await _assign.WaitAsync(LookAgain, time, cancellation);
        }
    }

    private void Assign(CancellationToken cancellation)
    {
        IReadOnlyList<WantedBlock> wanted = chain.Wanted(Horizon);
        IReadOnlyList<LivePeer> live = peers.All;
        lock (_gate)
        {
            _buffer.Keep(wanted.Select(block => block.Hash).ToHashSet(), chain.Current.State.Height);
            Forget(live);
            if (wanted.Count == 0)
            {
                return;
            }

            LetGoOfStalled(wanted, live);
            var missing = new LinkedList<WantedBlock>(wanted.Where(block => IsMissing(block.Hash)));
            foreach (LivePeer peer in live.Where(IsFree).OrderByDescending(peer => PaceOf(peer).Window))
            {
                while (IsFree(peer) && Window(peer, missing) is { Count: > 0 } window)
                {
                    Start(peer, window, cancellation);
                }
            }
        }
    }

    private bool IsMissing(Hash256 block) =>
        !_underWay.ContainsKey(block) && !_buffer.Contains(block) && !claims.IsClaimed(block) && !chain.HasBody(block);

    private void Forget(IReadOnlyList<LivePeer> live)
    {
        foreach (LivePeer gone in _paces.Keys.Where(peer => !live.Contains(peer)).ToList())
        {
            _paces.Remove(gone);
        }
    }

    private DownloadPace PaceOf(LivePeer peer)
    {
        if (!_paces.TryGetValue(peer, out DownloadPace? pace))
        {
            _paces.Add(peer, pace = new DownloadPace());
        }

        return pace;
    }

    private bool IsFree(LivePeer peer) => !peer.IsResting && !peer.Peer.Closed.IsCancellationRequested && PaceOf(peer).Open < RequestsPerPeer;

    /// <summary>Frees the lowest missing block where it is held up and somebody else could give it.</summary>
    private void LetGoOfStalled(IReadOnlyList<WantedBlock> wanted, IReadOnlyList<LivePeer> live)
    {
        WantedBlock? first = wanted.Cast<WantedBlock?>().FirstOrDefault(block => !_buffer.Contains(block!.Value.Hash));
        if (first is not { } lowest || !_underWay.TryGetValue(lowest.Hash, out Request? request) || time.GetElapsedTime(request.Since) < StallTime)
        {
            return;
        }

        if (!live.Any(peer => peer != request.Peer && IsFree(peer) && Has(peer, lowest)))
        {
            return;
        }

        log.PeerStalled(request.Peer.Peer.Id.Short, lowest.Height);
        request.Peer.Peer.Report(Offence.Stalled, new Refusal(
            RefusalKind.Isolation, PeerTokens.Stalled, $"Block {lowest.Height} was not delivered.", (long)time.GetElapsedTime(request.Since).TotalMilliseconds, (long)StallTime.TotalMilliseconds));
        request.Peer.Rest();
        PaceOf(request.Peer).Failed();
        Release(request);
    }

    private static bool Has(LivePeer peer, WantedBlock block) => peer.Tip.Height >= block.Height && !peer.MissingBlocks.Contains(block.Hash);

    private List<WantedBlock> Window(LivePeer peer, LinkedList<WantedBlock> missing)
    {
        var window = new List<WantedBlock>();
        LinkedListNode<WantedBlock>? node = missing.First;
        while (node is not null && window.Count < PaceOf(peer).Window)
        {
            LinkedListNode<WantedBlock>? next = node.Next;
            // The lowest missing block is always asked for: nothing else makes room.
            bool fits = node == missing.First && _underWay.Count == 0 || _buffer.HasRoomFor(_underWay.Count + window.Count + 1);
            if (!fits)
            {
                break;
            }

            if (Has(peer, node.Value))
            {
                window.Add(node.Value);
                missing.Remove(node);
            }

            node = next;
        }

        return window;
    }

    private void Start(LivePeer peer, List<WantedBlock> window, CancellationToken cancellation)
    {
        var request = new Request(peer, [.. window.Select(block => block.Hash)], time.GetTimestamp());
        window.RemoveAll(block => !claims.TryClaim(block.Hash, request));
        request.Hashes = [.. window.Select(block => block.Hash)];
        foreach (WantedBlock block in window)
        {
            _underWay[block.Hash] = request;
        }

        if (window.Count > 0)
        {
            PaceOf(peer).Open++;
            _ = FetchAsync(request, cancellation);
        }
    }

    private async Task FetchAsync(Request request, CancellationToken cancellation)
    {
        int taken = 0;
        try
        {
            Verdict<Messages.Blocks> answer = await request.Peer.Peer.AskAsync<Messages.Blocks>(new GetBlocks(0, request.Hashes), cancellation);
            taken = answer.TryGet(out Messages.Blocks? blocks, out Refusal? refusal) ? Take(request, blocks) : Failed(request, refusal);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The node stops; what was asked for is free again.
        }
        catch (Exception error)
        {
            _failure.TrySetException(error); // Nobody awaits this task: the download as a whole fails.
            throw;
        }
        finally
        {
            lock (_gate)
            {
                DownloadPace pace = PaceOf(request.Peer);
                pace.Open--;
                pace.Answered(time.GetElapsedTime(request.Since), taken);
                Release(request);
            }

            _assign.Set();
            _submit.Set();
        }
    }

    private int Take(Request request, Messages.Blocks blocks)
    {
        for (int i = 0; i < blocks.Whole.Length; i++)
        {
            Block block = blocks.Whole[i];
            if (i >= request.Hashes.Length || block.Hash != request.Hashes[i])
            {
                request.Peer.Peer.Report(Offence.UnaskedAnswer, new Refusal(RefusalKind.Isolation, PeerTokens.WrongAnswer, $"Block {block.Hash} was not asked for in this place."));
                request.Peer.Rest();
                return i;
            }

            if (BlockBody.Check(block) is { } mismatch)
            {
                request.Peer.Peer.Report(Offence.InvalidBlock, mismatch);
                request.Peer.Rest();
                return i;
            }

            request.Peer.KnownBlocks.Add(block.Hash);
            meter.Downloaded(BlockCodec.SizeOf(block));
            _buffer.Put(block, request.Peer);
        }

        request.Peer.Delivered();
        return blocks.Whole.Length;
    }

    private int Failed(Request request, Refusal refusal)
    {
        if (refusal.Token == PeerTokens.NotServed)
        {
            request.Peer.MissingBlocks.Add(request.Hashes[0]); // The others may be there; the next request begins with them.
            return 0;
        }

        if (refusal.Token == PeerTokens.Timeout)
        {
            request.Peer.Peer.Report(Offence.Stalled, refusal);
        }

        request.Peer.Rest();
        lock (_gate)
        {
            PaceOf(request.Peer).Failed();
        }

        return 0;
    }

    private void Release(Request request)
    {
        foreach (Hash256 hash in request.Hashes)
        {
            if (_underWay.TryGetValue(hash, out Request? owner) && owner == request)
            {
                _underWay.Remove(hash);
                claims.Release(hash, request);
            }
        }
    }

    private async Task SubmitAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (chain.Wanted(1) is [WantedBlock next, ..] && _buffer.Find(next.Hash) is { } found)
            {
                await SubmitAsync(found.Block, found.From, cancellation);
            }
            else
            {
                await _submit.WaitAsync(LookAgain, time, cancellation);
            }
        }
    }

    private async Task SubmitAsync(Block block, LivePeer from, CancellationToken cancellation)
    {
        try
        {
            BlockSubmission submission = await chain.SubmitAsync(block, cancellation);
            _buffer.Remove(block.Hash);
            blame.Judge(from.Peer, block, submission);
            if (submission.Refusal is not null)
            {
                await Task.Delay(PauseAfterFailure, time, cancellation);
            }
        }
        catch (StoreException error)
        {
            log.PeerBlockNotStored(block.Hash.ToString(), block.Height, error.Message);
            await Task.Delay(PauseAfterFailure, time, cancellation);
        }
        finally
        {
            _assign.Set();
        }
    }

    private sealed class Request(LivePeer peer, ImmutableArray<Hash256> hashes, long since)
    {
        public LivePeer Peer { get; } = peer;

        public ImmutableArray<Hash256> Hashes { get; set; } = hashes;

        public long Since { get; } = since;
    }
}
