using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers.Sync;

/// <summary>
/// Chains that begin with too little work to be kept, as in Bitcoin Core's presync: their headers are fetched and checked, and only
/// once they have more work than the best chain, fetched again and kept. So a heavier chain is followed however long it is, and what a
/// lighter one takes is 32 bytes for 2,000 headers. One batch at a time, so that no peer keeps others from being asked.
/// </summary>
internal sealed class LightChains(IPeerChain chain, LivePeers peers, PeerMeter meter, TimeProvider time, ILogger log)
{
    /// <summary>Half of what a peer takes of questions that it answered before.</summary>
    private const int PerSecond = RepeatedRequests.PerSecond / 2;

    private readonly ConcurrentDictionary<LivePeer, HeaderProof> _open = new();
    private readonly ConditionalWeakTable<LivePeer, TokenBucket> _paces = [];

    /// <summary>Whether a peer's chain is being fetched that has shown too little work so far.</summary>
    public bool IsOpen(LivePeer peer) => _open.ContainsKey(peer);

    /// <summary>Batches that a peer has given of such a chain; 0 where it gives none.</summary>
    public int Given(LivePeer peer) => _open.TryGetValue(peer, out HeaderProof? proof) ? proof.Ends.Count : 0;

    /// <summary>A batch was refused for its chain's work: the chain goes on here.</summary>
    /// <returns>The end of the chain where it is heavier and was kept.</returns>
    public async Task<Hash256?> BeginAsync(LivePeer peer, ImmutableArray<BlockHeader> headers, CancellationToken cancellation)
    {
        if (chain.HeadOf(headers[0].ParentHash) is { } from)
        {
            return await TakeAsync(peer, new HeaderProof(from), headers, cancellation);
        }

        Abandon(peer); // It stood on a branch that has just given way.
        return null;
    }

    /// <summary>Fetches the next batch of a chain that is open.</summary>
    /// <returns>As <see cref="BeginAsync"/>.</returns>
    public async Task<Hash256?> GoOnAsync(LivePeer peer, CancellationToken cancellation)
    {
        HeaderProof proof = _open[peer];
        await PaceAsync(peer, cancellation);
        if (await HeaderQuestions.AskAsync(peer, [proof.End.Hash], Hash256.Zero, cancellation) is not { } headers)
        {
            return null;
        }

        if (headers.IsEmpty)
        {
            Close(peer, proof);
            return null;
        }

        if (headers[0].ParentHash != proof.End.Hash)
        {
            Abandon(peer);
            return null;
        }

        return await TakeAsync(peer, proof, headers, cancellation);
    }

    /// <summary>Forgets the chains of peers that have gone.</summary>
    public void ForgetGone()
    {
        foreach (LivePeer gone in _open.Keys.Except(peers.All))
        {
            _open.TryRemove(gone, out _);
        }
    }

    private async Task<Hash256?> TakeAsync(LivePeer peer, HeaderProof proof, ImmutableArray<BlockHeader> headers, CancellationToken cancellation)
    {
        Verdict<ChainHead> end = await chain.CheckHeadersAsync(proof.End, headers, cancellation);
        if (!end.TryGet(out ChainHead? checkedUpTo, out Refusal? refusal))
        {
            HeaderQuestions.Refuse(peer, refusal, log);
            Close(peer, proof);
            return null;
        }

        proof.Extend(checkedUpTo);
        peer.Delivered();
        if (proof.End.TotalWork > chain.BestHeader.TotalWork)
        {
            _open.TryRemove(peer, out _);
            return await LoadAsync(peer, proof, cancellation);
        }

        if (headers.Length < Headers.Most)
        {
            Close(peer, proof);
        }
        else
        {
            _open[peer] = proof;
        }

        return null;
    }

    /// <summary>Fetches a chain again that has more work than the best; its end, or null where it was not got to the end.</summary>
    private async Task<Hash256?> LoadAsync(LivePeer peer, HeaderProof proof, CancellationToken cancellation)
    {
        try
        {
            Hash256 from = proof.Start;
            foreach (Hash256 end in proof.Ends)
            {
                await PaceAsync(peer, cancellation);
                if (await HeaderQuestions.AskAsync(peer, [from], end, cancellation) is not { } headers)
                {
                    return null;
                }

                if (!HeaderProof.Leads(from, headers, end))
                {
                    Abandon(peer);
                    return null;
                }

                HeaderBatch batch = await chain.LoadHeadersAsync(headers, cancellation);
                meter.Took(batch.New);
                if (batch.Refusal is { } refusal)
                {
                    HeaderQuestions.Refuse(peer, refusal, log);
                    return null;
                }

                from = end;
            }

            peer.Has(new HeaderTip(proof.End.Hash, proof.End.Height, proof.End.TotalWork));
            peers.TipChanged();
            return proof.End.Hash;
        }
        finally
        {
            chain.EndLoad();
        }
    }

    /// <summary>The chain has no more headers than these, or no valid ones: it is not asked for again for what the peer named so far.</summary>
    private void Close(LivePeer peer, HeaderProof proof)
    {
        _open.TryRemove(peer, out _);
        peer.Light = proof.End;
        peer.Explained(peer.Tip.TotalWork);
    }

    /// <summary>The peer is on another chain than a moment ago, or pretends to be: it is asked anew, after a while.</summary>
    private void Abandon(LivePeer peer)
    {
        _open.TryRemove(peer, out _);
        peer.Rest();
    }

    private async Task PaceAsync(LivePeer peer, CancellationToken cancellation)
    {
        TokenBucket pace = _paces.GetValue(peer, _ => new TokenBucket(PerSecond, RepeatedRequests.Burst / 2.0, time));
        while (!pace.TryTake())
        {
            await Task.Delay(TimeSpan.FromSeconds(1.0 / PerSecond), time, cancellation);
        }
    }
}
