using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>Answers one kind of request.</summary>
/// <typeparam name="TRequest">The request.</typeparam>
public interface IServing<in TRequest>
    where TRequest : PeerRequest
{
    /// <summary>The answer; <see cref="NotServed"/> where there is none. Waits for nothing that a peer could hold up.</summary>
    Task<PeerAnswer> AnswerAsync(IPeer peer, TRequest request, CancellationToken cancellation);
}

/// <summary>A conversation that has something to do with a peer of its own accord.</summary>
public interface IConversation
{
    /// <summary>Runs from the peer's handshake to its end.</summary>
    Task RunAsync(LivePeer peer, CancellationToken closed);
}
