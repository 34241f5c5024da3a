using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>
/// Which part of the node answers which request, for a few peers at a time: the others wait in the order they came, and their requests with
/// them, so that many who ask cannot take all processors.
/// </summary>
/// <param name="atOnce">Answers made at once. Sending them, and waiting for the line, is each connection's own.</param>
/// <param name="repeated">Told of every answer.</param>
public sealed class RequestRouter(int atOnce, RepeatedRequests repeated) : IDisposable
{
    private readonly Dictionary<Type, Func<IPeer, PeerRequest, CancellationToken, Task<PeerAnswer>>> _servings = [];
    private readonly SemaphoreSlim _places = new(atOnce);

    /// <summary>Half of a machine's processors, one at least.</summary>
    public static int HalfOf(int processors) => Math.Max(1, processors / 2);

    /// <summary>Names who answers a kind of request. Before the first connection only.</summary>
    public RequestRouter Serve<TRequest>(Func<IPeer, TRequest, CancellationToken, Task<PeerAnswer>> answer)
        where TRequest : PeerRequest
    {
        _servings.Add(typeof(TRequest), (peer, request, cancellation) => answer(peer, (TRequest)request, cancellation));
        return this;
    }

    /// <summary>The answer; "not served" to what nobody here answers, and to a node without a network for all but what makes a network.</summary>
    public async Task<PeerAnswer> AnswerAsync(IPeer peer, PeerRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(request);
        if ((peer.IsBootstrap && request is not (GetNetwork or GetData)) || !_servings.TryGetValue(request.GetType(), out Func<IPeer, PeerRequest, CancellationToken, Task<PeerAnswer>>? answer))
        {
            return new NotServed(request.RequestId, PeerTokens.NotServed);
        }

        PeerAnswer given = await InTurnAsync(answer, peer, request, cancellation);
        repeated.Note(peer, request, given);
        return given;
    }

    public void Dispose() => _places.Dispose();

    private async Task<PeerAnswer> InTurnAsync(
        Func<IPeer, PeerRequest, CancellationToken, Task<PeerAnswer>> answer, IPeer peer, PeerRequest request, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            return await answer(peer, request, cancellation);
        }
        finally
        {
            _places.Release();
        }
    }
}
