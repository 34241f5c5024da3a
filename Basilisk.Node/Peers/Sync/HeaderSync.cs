using System.Collections.Immutable;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Sync;

/// <summary>
/// Headers first: from whoever names the most work, 2,000 at a time, the work of each checked before any body is asked for. A peer
/// that stalls is left for another; a claim that its headers do not bear out is not asked about again.
/// </summary>
public sealed class HeaderSync(IPeerChain chain, LivePeers peers, PeerMeter meter, TimeProvider time, ILogger<HeaderSync> log)
{
    /// <summary>Peers that rested are looked at again at least this often.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly WakeSignal _wake = new();

    /// <summary>Whom headers are being asked of; null while nobody is.</summary>
    public LivePeer? Asking { get; private set; }

    /// <summary>Whether some peer names more work than the headers that are here.</summary>
    public bool IsBehind => peers.All.Any(peer => peer.HasUnexplainedWork(chain.BestHeader.TotalWork));

    public async Task RunAsync(CancellationToken cancellation)
    {
        peers.Changed += _wake.Set;
        try
        {
            while (true)
            {
                if (Best() is { } peer)
                {
                    Asking = peer;
                    await PullAsync(peer, cancellation);
                    Asking = null;
                }
                else
                {
                    await _wake.WaitAsync(LookAgain, time, cancellation);
                }
            }
        }
        finally
        {
            peers.Changed -= _wake.Set;
        }
    }

    private LivePeer? Best()
    {
        UInt256 work = chain.BestHeader.TotalWork;
        return peers.All.Where(peer => !peer.IsResting && peer.HasUnexplainedWork(work)).MaxBy(peer => peer.Tip.TotalWork);
    }

    /// <summary>Asks one peer until it has no more.</summary>
    private async Task PullAsync(LivePeer peer, CancellationToken cancellation)
    {
        UInt256 claimed = peer.Tip.TotalWork;
        ImmutableArray<Hash256> locator = [.. chain.Locator().Take(GetHeaders.MostLocator)];
        while (true)
        {
            Verdict<Headers> answer = await peer.Peer.AskAsync<Headers>(new GetHeaders(0, locator, Hash256.Zero), cancellation);
            if (!answer.TryGet(out Headers? headers, out Refusal? refusal))
            {
                if (refusal.Token == PeerTokens.Timeout)
                {
                    peer.Peer.Report(Offence.Stalled, refusal);
                }

                peer.Rest();
                return;
            }

            if (headers.Chain.IsEmpty || await TakeAsync(peer, locator, headers, cancellation) is not { } last)
            {
                peer.Explained(claimed);
                return;
            }

            locator = [last.Hash];
            if (headers.Chain.Length < Headers.Most)
            {
                peer.Explained(claimed);
                return;
            }
        }
    }

    /// <summary>Takes a batch; the end of what was taken, or null where the peer has nothing more to give.</summary>
    private async Task<HeaderTip?> TakeAsync(LivePeer peer, ImmutableArray<Hash256> locator, Headers headers, CancellationToken cancellation)
    {
        if (!locator.Contains(headers.Chain[0].ParentHash))
        {
            peer.Peer.Report(Offence.UnconnectedHeaders, new Refusal(RefusalKind.Header, Tokens.HeaderOrphan, "The headers do not follow on what was asked."));
            peer.Rest();
            return null;
        }

        HeaderBatch batch = await chain.AddHeadersAsync(headers.Chain, cancellation);
        meter.Took(batch.New);
        if (batch.Last is { } last)
        {
            peer.Has(last);
            peers.TipChanged();
        }

        if (batch.Refusal is { } refusal)
        {
            log.PeerHeadersRefused(peer.Peer.Id.Short, refusal.ToString());
            if (OffenceOf.Header(refusal) is { } offence)
            {
                peer.Peer.Report(offence, refusal);
            }

            peer.Rest();
            return null;
        }

        peer.Delivered();
        return batch.Last;
    }
}
