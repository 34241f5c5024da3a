using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Sync;

/// <summary>Asks one peer for headers, and holds against it what no honest node answers.</summary>
internal static class HeaderQuestions
{
    /// <summary>The headers after the first of the hashes that the peer's chain has; null where it does not answer, and rests now.</summary>
    public static async Task<ImmutableArray<BlockHeader>?> AskAsync(LivePeer peer, ImmutableArray<Hash256> locator, Hash256 stop, CancellationToken cancellation)
    {
        Verdict<Headers> answer = await peer.Peer.AskAsync<Headers>(new GetHeaders(0, locator, stop), cancellation);
        if (answer.TryGet(out Headers? headers, out Refusal? refusal))
        {
            return headers.Chain;
        }

        if (refusal.Token == PeerTokens.Timeout)
        {
            peer.Peer.Report(Offence.Stalled, refusal);
        }

        peer.Rest();
        return null;
    }

    /// <summary>Its headers were refused.</summary>
    public static void Refuse(LivePeer peer, Refusal refusal, ILogger log)
    {
        log.PeerHeadersRefused(peer.Peer.Id.Short, refusal.ToString());
        Blame(peer, refusal);
        peer.Rest();
    }

    /// <summary>Holds a refused header against who sent it, where no honest node sends it.</summary>
    public static void Blame(LivePeer peer, Refusal refusal)
    {
        if (OffenceOf.Header(refusal) is { } offence)
        {
            peer.Peer.Report(offence, refusal);
        }
    }
}
