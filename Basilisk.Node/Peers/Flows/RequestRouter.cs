using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>Which part of the node answers which request.</summary>
public sealed class RequestRouter
{
    private readonly Dictionary<Type, Func<IPeer, PeerRequest, CancellationToken, Task<PeerAnswer>>> _servings = [];

    /// <summary>Names who answers a kind of request. Before the first connection only.</summary>
    public RequestRouter Serve<TRequest>(Func<IPeer, TRequest, CancellationToken, Task<PeerAnswer>> answer)
        where TRequest : PeerRequest
    {
        _servings.Add(typeof(TRequest), (peer, request, cancellation) => answer(peer, (TRequest)request, cancellation));
        return this;
    }

    /// <summary>The answer; "not served" to what nobody here answers, and to a node without a network for all but what makes a network.</summary>
    public Task<PeerAnswer> AnswerAsync(IPeer peer, PeerRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        return (!peer.IsBootstrap || request is GetNetwork or GetData) && _servings.TryGetValue(request.GetType(), out Func<IPeer, PeerRequest, CancellationToken, Task<PeerAnswer>>? answer)
            ? answer(peer, request, cancellation)
            : Task.FromResult<PeerAnswer>(new NotServed(request.RequestId, PeerTokens.NotServed));
    }
}
