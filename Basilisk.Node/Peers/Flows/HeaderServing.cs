using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// "What comes after what I have?": headers of the connected chain after the first hash of the locator that is on it. Who synchronises gets higher
/// with every answer, however fast he asks; who asks again and again for what he was given is after this node's time.
/// </summary>
public sealed class HeaderServing(IPeerChain chain, TimeProvider time) : IServing<GetHeaders>
{
    /// <summary>Answers that tell a peer nothing higher than he was told before: so many at once.</summary>
    public const int RepeatedBurst = 64;

    /// <summary>And on average: an honest node asks for each new block at most.</summary>
    public const int RepeatedPerSecond = 4;

    private readonly ConditionalWeakTable<IPeer, Served> _served = [];

    public Task<PeerAnswer> AnswerAsync(IPeer peer, GetHeaders request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        ImmutableArray<BlockHeader> headers = [.. chain.HeadersAfter(request.Locator, request.Stop, Headers.Most)];
        Served served = _served.GetValue(peer, _ => new Served(new TokenBucket(RepeatedPerSecond, RepeatedBurst, time)));
        if (!served.GoesOn(headers))
        {
            peer.Report(
                Offence.Flood,
                new Refusal(RefusalKind.State, PeerTokens.Flood, "The same headers asked for again and again.", RepeatedBurst, RepeatedPerSecond));
        }

        return Task.FromResult<PeerAnswer>(new Headers(request.RequestId, headers));
    }

    /// <summary>What one peer was told. Its requests are answered one at a time.</summary>
    private sealed class Served(TokenBucket repeated)
    {
        private ulong _highest;

        /// <summary>Whether the answer tells something higher, or may be given without.</summary>
        public bool GoesOn(ImmutableArray<BlockHeader> headers)
        {
            if (headers.Length > 0 && headers[^1].Height > _highest)
            {
                _highest = headers[^1].Height;
                return true;
            }

            return repeated.TryTakeOrRefill();
        }
    }
}
