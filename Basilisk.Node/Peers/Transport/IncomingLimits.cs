using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Transport;

/// <summary>What to do with a frame whose length and kind are known.</summary>
internal enum FrameFate
{
    Read,
    Skip,
    Refuse,
}

/// <summary>
/// Decides on a frame before its body is buffered: its size, whether anybody asked for it, and whether the peer sends more than an honest
/// node does. Used by the reading loop alone.
/// </summary>
internal sealed class IncomingLimits(
    IPeer peer, MessageCaps caps, OpenRequests requests, UnansweredRequests unanswered, TransportLimits limits, TimeProvider time)
{
    private readonly TokenBucket _messages = new(limits.MessagesPerSecond, limits.MessagesBurst, time);
    private readonly TokenBucket _requests = new(limits.RequestsPerSecond, limits.RequestsBurst, time);
    private readonly TokenBucket _bytes = new(limits.FloodBytesPerSecond, limits.FloodBytesBurst, time);

    public FrameFate Check(FrameHeader header, out Refusal? refusal)
    {
        refusal = CheckFrame(header);
        if (refusal is not null)
        {
            return FrameFate.Refuse;
        }

        if (OpenRequests.IsAnswer(header.Kind) && requests.CapOf(header.Kind) is > 0 and var cap)
        {
            refusal = MessageCodec.CheckSize(header.Kind, header.Length, cap);
            return refusal is null ? FrameFate.Read : FrameFate.Refuse;
        }

        CountAgainstFlood(header);
        if (OpenRequests.IsAnswer(header.Kind) && header.Kind != MessageKind.Addresses)
        {
            peer.Report(Offence.UnaskedAnswer, new Refusal(RefusalKind.State, PeerTokens.AnswerUnasked, $"{header.Kind} was not asked for."));
            return FrameFate.Skip;
        }

        return FrameFate.Read;
    }

    private Refusal? CheckFrame(FrameHeader header)
    {
        if (header.Length == 0)
        {
            return new Refusal(RefusalKind.Malformed, PeerTokens.FrameEmpty, "The frame has no kind.");
        }

        if (MessageCodec.CheckSize(header.Kind, header.Length, caps.FrameBytes(header.Kind)) is { } refusal)
        {
            return refusal;
        }

        return peer.IsBootstrap && !MayBootstrapSay(header.Kind)
            ? new Refusal(RefusalKind.Malformed, PeerTokens.NetworkMismatch, $"A peer without a network may not send {header.Kind}.")
            : null;
    }

    private static bool MayBootstrapSay(MessageKind kind) => kind is MessageKind.GetNetwork or MessageKind.GetData
        or MessageKind.Ping or MessageKind.Pong or MessageKind.Goodbye or MessageKind.Hello;

    private void CountAgainstFlood(FrameHeader header)
    {
        if (OpenRequests.IsRequest(header.Kind))
        {
            unanswered.Came();
            Count(_requests, 1, "requests", limits.RequestsBurst, limits.RequestsPerSecond);
        }
        else
        {
            Count(_messages, 1, "messages", limits.MessagesBurst, limits.MessagesPerSecond);
        }

        Count(_bytes, header.Length, "bytes", limits.FloodBytesBurst, limits.FloodBytesPerSecond);
    }

    private void Count(TokenBucket bucket, uint tokens, string what, long burst, long perSecond)
    {
        if (!bucket.TryTakeOrRefill(tokens))
        {
            peer.Report(Offence.Flood, new Refusal(RefusalKind.State, PeerTokens.Flood, $"More {what} at once, or than {perSecond} a second.", burst + tokens, burst));
        }
    }
}
