using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Fuzzing.Inputs;
using Basilisk.Node.Fuzzing.Samples;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Fuzzing.Targets;

/// <summary>What peers send: streams of frames, and each message by itself.</summary>
internal static class PeerDecoding
{
    /// <summary>A target per kind: a decoder that one kind's inputs reach is reached by them all the time.</summary>
    public static IEnumerable<FuzzTarget> Messages() => Enum.GetValues<MessageKind>().Select(kind => new FuzzTarget(
        "message-" + Kebab(kind.ToString()), FuzzForm.Rlp, Share(kind), samples => MessageSeeds.Of(samples, kind), Message));

    /// <summary>Some frames, one after another.</summary>
    public static IReadOnlyList<byte[]> Streams(FuzzSamples samples) =>
    [
        [.. new[] { MessageKind.Hello, MessageKind.Ping, MessageKind.GetHeaders, MessageKind.Goodbye }.SelectMany(kind => Frame(MessageSeeds.Of(samples, kind)[0]))],
        Frame(MessageSeeds.Of(samples, MessageKind.NewBlock)[0]),
    ];

    public static FuzzVerdict Message(FuzzSamples samples, ReadOnlyMemory<byte> bytes)
    {
        var codec = new MessageCodec(samples.Caps);
        return FuzzVerdict.Of(codec.Decode(bytes.Span), bytes, codec.Encode);
    }

    /// <summary>Reads frames as a connection does until the stream ends or one is refused.</summary>
    public static FuzzVerdict Stream(FuzzSamples samples, ReadOnlyMemory<byte> bytes)
    {
        var codec = new MessageCodec(samples.Caps);
        var frames = new FrameReader(PipeReader.Create(new ReadOnlySequence<byte>(bytes)), TimeProvider.System);
        var again = new MemoryStream(bytes.Length);
        while (again.Length < bytes.Length)
        {
            if (Now(frames.ReadHeaderAsync(CancellationToken.None)) is not { } header)
            {
                return FuzzVerdict.Refused(PeerTokens.Gone);
            }

            if (Refuse(codec, header) is { } refusal)
            {
                return FuzzVerdict.Refused(refusal.Token);
            }

            Verdict<PeerMessage> message = default;
            if (!Now(frames.ReadBodyAsync(header, (body, _) => message = codec.Decode(body), CancellationToken.None)))
            {
                return FuzzVerdict.Refused(PeerTokens.Gone);
            }

            if (!message.TryGet(out PeerMessage? read, out refusal))
            {
                return FuzzVerdict.Refused(refusal.Token);
            }

            again.Write(Frame(codec.Encode(read)));
        }

        return FuzzVerdict.Decoded(bytes, again.ToArray());
    }

    private static Refusal? Refuse(MessageCodec codec, FrameHeader header) => header.Length == 0
        ? new Refusal(RefusalKind.Malformed, PeerTokens.FrameEmpty, "The frame has no kind.")
        : MessageCodec.CheckSize(header.Kind, header.Length, codec.Caps.FrameBytes(header.Kind));

    // All bytes are there, so that no read ever waits.
    private static T Now<T>(ValueTask<T> read) => read.IsCompleted ? read.Result : throw new InvalidOperationException("A read of bytes in memory waits.");

    private static byte[] Frame(byte[] body)
    {
        var frame = new byte[FrameReader.LengthBytes + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)body.Length);
        body.CopyTo(frame, FrameReader.LengthBytes);
        return frame;
    }

    /// <summary>Those with transactions recover signatures.</summary>
    private static int Share(MessageKind kind) => kind is MessageKind.Transactions or MessageKind.BlockParts or MessageKind.Blocks ? 4 : 20;

    private static string Kebab(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
