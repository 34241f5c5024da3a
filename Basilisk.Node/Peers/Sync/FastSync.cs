using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Snapshots;

namespace Basilisk.Node.Peers.Sync;

/// <summary>How fast synchronisation ended.</summary>
public enum FastSyncResult
{
    /// <summary>The chain begins at a snapshot now.</summary>
    Installed,

    /// <summary>The chain has blocks already, or its headers are too few for a settled round to be deep enough: sync as usual.</summary>
    NotNeeded,

    /// <summary>No peer offered a snapshot that fits the headers and gave all of it.</summary>
    NotServed,
}

/// <summary>
/// Enters a chain by the state after a settled round instead of by all blocks before it. Nothing is believed but work: the block
/// stands on the best header chain, two rounds deep, and all else is checked against what its header and those before it commit to.
/// </summary>
public sealed class FastSync(ISnapshotChain chain, ChainRules rules, Func<IReadOnlyList<IPeer>> peers, CheckpointStore checkpoints, ILogger<FastSync> log)
{
    private readonly RoundSchedule _rounds = chain.Parameters.Rounds;

    /// <summary>One attempt. The headers must be there; call it again when more peers or headers are.</summary>
    public async Task<FastSyncResult> RunAsync(CancellationToken cancellation)
    {
        if (!chain.IsEmpty || chain.BestHeader.Height < SnapshotRules.Depth(_rounds) + (ulong)_rounds.Length)
        {
            return FastSyncResult.NotNeeded;
        }

        IReadOnlyList<IPeer> sources = peers();
        foreach (SnapshotOffer offer in await OffersAsync(sources, cancellation))
        {
            if (await FetchAsync(offer, sources, cancellation) is { } content && await chain.InstallAsync(content, cancellation))
            {
                log.SnapshotInstalled(offer.Height, offer.Block.ToString(), content.State.Count);
                return FastSyncResult.Installed;
            }
        }

        return FastSyncResult.NotServed;
    }

    /// <summary>The offers that fit the headers, highest first, each once.</summary>
    private async Task<IReadOnlyList<SnapshotOffer>> OffersAsync(IReadOnlyList<IPeer> sources, CancellationToken cancellation)
    {
        SnapshotOffer?[] offers = await Task.WhenAll(sources.Select(async peer =>
        {
            Verdict<SnapshotOffer> answer = await peer.AskAsync<SnapshotOffer>(new GetSnapshot(0), cancellation);
            return answer.TryGet(out SnapshotOffer? offer, out _) && Fits(peer, offer) ? offer : null;
        }));
        return [.. offers.OfType<SnapshotOffer>().OrderByDescending(offer => offer.Height).DistinctBy(offer => offer.Block)];
    }

    private bool Fits(IPeer peer, SnapshotOffer offer)
    {
        // Another chain's block, or one that is not deep enough yet by the headers here, is bad luck.
        IReadOnlyList<BlockHeader> headers = chain.BestHeaders(offer.Block, 2);
        if (headers.Count == 0 || !SnapshotRules.IsDeep(_rounds, headers[^1].Height, chain.BestHeader.Height))
        {
            return false;
        }

        if (headers.Count == 2 && headers[1].Height == offer.Height && SnapshotRules.EndsSettledRound(_rounds, headers[0], headers[1]))
        {
            return true;
        }

        var refusal = new Refusal(RefusalKind.Header, SnapshotTokens.RoundNotSettled, $"Block {offer.Block} at height {offer.Height} does not end a settled round.");
        log.SnapshotRefused(peer.Id.Short, refusal.ToString());
        peer.Report(Offence.InvalidChunk, refusal);
        return false;
    }

    private async Task<SnapshotContent?> FetchAsync(SnapshotOffer offer, IReadOnlyList<IPeer> sources, CancellationToken cancellation)
    {
        IReadOnlyList<BlockHeader> headers = chain.BestHeaders(offer.Block, SnapshotTrail.Headers(_rounds));
        if (headers.Count == 0)
        {
            return null; // Another header chain is the best by now.
        }

        BlockHeader block = headers[^1];
        log.SnapshotChosen(offer.Height, offer.Block.ToString(), offer.Entries, sources.Count);
        if (await new StateFetch(block).RunAsync(offer.Entries, sources, cancellation) is not { } state
            || await new RevealedFetch(rules, SnapshotTrail.Remembered(_rounds, headers)).RunAsync(sources, cancellation) is not { } payloads)
        {
            return null;
        }

        RoundTrail trail = SnapshotTrail.Of(_rounds, headers, payloads.ToLookup(payload => _rounds.RoundOf(payload.Height), payload => payload.Hash));
        var held = new List<Checkpoint>();
        foreach (Hash256 root in trail.PastModels.Prepend(block.ModelRoot).Distinct())
        {
            Checkpoint? checkpoint = checkpoints.Find(root) ?? await new CheckpointFetch(root, chain.Parameters.Model.Shape).RunAsync(sources, cancellation);
            if (checkpoint is null)
            {
                return null;
            }

            held.Add(checkpoint);
        }

        return new SnapshotContent(block, state, trail, held, [.. payloads.Select(payload => payload.Bytes)]);
    }
}
