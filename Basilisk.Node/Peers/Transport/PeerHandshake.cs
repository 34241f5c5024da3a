using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// The first messages. Who dialled says Hello first; who was dialled answers with Hello, which says that the peer is taken, or with Goodbye,
/// which says why it is not.
/// </summary>
internal sealed class PeerHandshake(PeerIdentity identity, MessageCodec codec, Func<Hello> local)
{
    public ValueTask SayHelloAsync(SecureChannel channel, TimeProvider time, CancellationToken cancellation) =>
        new FrameWriter(channel.Output, time).WriteAsync(codec.Encode(local()), cancellation);

    /// <summary>The peer's Hello; refused where it is none, or where the two can have nothing to say to each other.</summary>
    public async Task<Verdict<Hello>> ReadHelloAsync(SecureChannel channel, FrameReader frames, CancellationToken cancellation)
    {
        if (await frames.ReadHeaderAsync(cancellation) is not { } header)
        {
            return new Refusal(RefusalKind.State, PeerTokens.Gone, "The peer closed the connection before it said Hello.");
        }

        if (header.Length == 0 || header.Kind is not (MessageKind.Hello or MessageKind.Goodbye))
        {
            return new Refusal(RefusalKind.Malformed, PeerTokens.HelloExpected, "The first message is no Hello.", (byte)header.Kind, (byte)MessageKind.Hello);
        }

        if (MessageCodec.CheckSize(header.Kind, header.Length, codec.Caps.FrameBytes(header.Kind)) is { } tooLarge)
        {
            return tooLarge;
        }

        Verdict<PeerMessage> decoded = default;
        if (!await frames.ReadBodyAsync(header, (bytes, _) => decoded = codec.Decode(bytes), cancellation))
        {
            return new Refusal(RefusalKind.State, PeerTokens.Gone, "The peer closed the connection before it said Hello.");
        }

        return decoded.TryGet(out PeerMessage? message, out Refusal? refusal) ? Judge(channel, message) : refusal;
    }

    /// <summary>Says why the peer is not taken, and waits until it has closed its side or the deadline passes.</summary>
    public async Task RefuseAsync(SecureChannel channel, FrameReader frames, Refusal refusal, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await new FrameWriter(channel.Output, time).WriteAsync(codec.Encode(new Goodbye(refusal.Token, refusal.Detail)), cancellation);
            await frames.DrainAsync(cancellation);
        }
        catch (Exception error) when (ConnectionErrors.IsEnd(error))
        {
            // It does not listen; it is refused all the same.
            channel.Abort();
        }
    }

    /// <summary>What is known before a word is said.</summary>
    public Refusal? CheckIdentity(PeerId peer) => peer == identity.Id
        ? new Refusal(RefusalKind.State, PeerTokens.Self, "The node dialled itself.")
        : null;

    private Verdict<Hello> Judge(SecureChannel channel, PeerMessage message)
    {
        if (message is Goodbye goodbye)
        {
            return new Refusal(RefusalKind.State, goodbye.Token, goodbye.Detail);
        }

        var theirs = (Hello)message;
        Hello ours = local();
        if (theirs.ProtocolVersion != Hello.CurrentVersion)
        {
            return new Refusal(RefusalKind.State, PeerTokens.ProtocolVersion, "The peer speaks another version of the protocol.", theirs.ProtocolVersion, Hello.CurrentVersion);
        }

        bool isOneWithout = theirs.Network.IsZero != ours.Network.IsZero;
        if (theirs.Network.IsZero ? !isOneWithout : !isOneWithout && theirs.Network != ours.Network)
        {
            return new Refusal(RefusalKind.State, PeerTokens.NetworkMismatch, $"The peer is on the network {theirs.Network}, not {ours.Network}.");
        }

        return CheckIdentity(channel.Peer) is { } self ? self : theirs;
    }
}
