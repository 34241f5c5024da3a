using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>"What comes after what I have?": headers of the connected chain after the first hash of the locator that is on it.</summary>
public sealed class HeaderServing(IPeerChain chain) : IServing<GetHeaders>
{
    public Task<PeerAnswer> AnswerAsync(IPeer peer, GetHeaders request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.FromResult<PeerAnswer>(new Headers(request.RequestId, [.. chain.HeadersAfter(request.Locator, request.Stop, Headers.Most)]));
    }
}
