using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Sync;

/// <summary>
/// Headers first: from whoever names the most work, 2,000 at a time, the work of each checked before any body is asked for. A peer
/// that stalls is left for another; a claim that its headers do not bear out is not asked about again, and a chain that begins with
/// too little work is kept only once it has shown more (<see cref="LightChains"/>).
/// </summary>
public sealed class HeaderSync(IPeerChain chain, LivePeers peers, PeerMeter meter, TimeProvider time, ILogger<HeaderSync> log)
{
    /// <summary>Peers that rested are looked at again at least this often.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly WakeSignal _wake = new();
    private readonly LightChains _light = new(chain, peers, meter, time, log);

    /// <summary>Whom headers are being asked of; null while nobody is.</summary>
    public LivePeer? Asking { get; private set; }

    /// <summary>Whether some peer names more work than the headers that are here. One whose headers have shown too little so far is waited for no more.</summary>
    public bool IsBehind => peers.All.Any(peer => !_light.IsOpen(peer) && peer.HasUnexplainedWork(chain.BestHeader.TotalWork));

    public async Task RunAsync(CancellationToken cancellation)
    {
        peers.Changed += _wake.Set;
        try
        {
            while (true)
            {
                _light.ForgetGone();
                if (Next() is { } peer)
                {
                    Asking = peer;
                    await AskAsync(peer, cancellation);
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

    /// <summary>The peer that names the most work; one whose headers have shown too little so far comes after all others.</summary>
    private LivePeer? Next()
    {
        UInt256 work = chain.BestHeader.TotalWork;
        return peers.All
            .Where(peer => !peer.IsResting && peer.HasUnexplainedWork(work))
            .OrderBy(_light.Given)
            .ThenByDescending(peer => peer.Tip.TotalWork)
            .FirstOrDefault();
    }

    private async Task AskAsync(LivePeer peer, CancellationToken cancellation)
    {
        if (!_light.IsOpen(peer))
        {
            await PullAsync(peer, LocatorFor(peer.Tip), cancellation);
        }
        else if (await _light.GoOnAsync(peer, cancellation) is { } loaded)
        {
            await PullAsync(peer, [loaded], cancellation);
        }
    }

    /// <summary>Asks one peer until it has no more, or its chain has too little work so far.</summary>
    private async Task PullAsync(LivePeer peer, ImmutableArray<Hash256> locator, CancellationToken cancellation)
    {
        UInt256 claimed = peer.Tip.TotalWork;
        while (true)
        {
            if (await HeaderQuestions.AskAsync(peer, locator, Hash256.Zero, cancellation) is not { } headers)
            {
                return;
            }

            if (headers.IsEmpty || await TakeAsync(peer, locator, headers, cancellation) is not { } batch)
            {
                peer.Explained(claimed);
                return;
            }

            if (batch.Refusal is not null)
            {
                // Refused for its chain's work alone.
                if (await _light.BeginAsync(peer, headers, cancellation) is not { } loaded)
                {
                    return;
                }

                locator = [loaded];
                continue;
            }

            locator = [headers[^1].Hash];
            if (headers.Length < Headers.Most)
            {
                peer.Explained(claimed);
                return;
            }
        }
    }

    /// <summary>Where the peer's chain is likely to be known, then where the best is: of a chain that is kept beside it only what is new is asked for.</summary>
    private ImmutableArray<Hash256> LocatorFor(HeaderTip named)
    {
        IEnumerable<Hash256> best = chain.Locator();
        return [.. (chain.HasHeader(named.Hash) ? best.Prepend(named.Hash) : best).Take(GetHeaders.MostLocator)];
    }

    /// <summary>Takes a batch, or leaves it for its chain's work; null where the peer has nothing more to give.</summary>
    private async Task<HeaderBatch?> TakeAsync(LivePeer peer, ImmutableArray<Hash256> locator, ImmutableArray<BlockHeader> headers, CancellationToken cancellation)
    {
        if (!locator.Contains(headers[0].ParentHash))
        {
            peer.Peer.Report(Offence.UnconnectedHeaders, new Refusal(RefusalKind.Header, Tokens.HeaderOrphan, "The headers do not follow on what was asked."));
            peer.Rest();
            return null;
        }

        HeaderBatch batch = await chain.AddHeadersAsync(headers, cancellation);
        meter.Took(batch.New);
        if (batch.Last is { } last)
        {
            peer.Has(last);
            peers.TipChanged();
        }

        if (batch.Refusal is { } refusal && refusal.Token != HeaderTokens.WorkTooLow)
        {
            HeaderQuestions.Refuse(peer, refusal, log);
            return null;
        }

        peer.Delivered();
        return batch;
    }
}
