using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;

namespace Basilisk.Node.Peers.Messages;

/// <summary>
/// The one encoding of every message: a byte of kind and an RLP list. Caps come first: nothing is allocated for a count or a size that
/// the caps do not allow, and what is accepted encodes to the same bytes again.
/// </summary>
/// <param name="caps">Caps of the network the node is on.</param>
public sealed class MessageCodec(MessageCaps caps)
{
    /// <summary>A codec for a network's messages; for none yet, <see cref="MessageCaps.Bootstrap"/>.</summary>
    public MessageCodec(NetworkParameters parameters)
        : this(MessageCaps.Of(parameters))
    {
    }

    public MessageCaps Caps { get; } = caps;

    /// <summary>Kind and list, without the frame's length.</summary>
    /// <exception cref="ArgumentException">The message is larger than its kind's cap: no peer would take it.</exception>
    public byte[] Encode(PeerMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var rlp = new RlpWriter(256);
        rlp.WriteEncoded([(byte)message.Kind]).BeginList();
        WriteFields(rlp, message);
        rlp.EndList();
        int cap = Caps.FrameBytes(message.Kind);
        return rlp.Length <= cap
            ? rlp.ToArray()
            : throw new ArgumentException($"A {message.Kind} message of {rlp.Length} bytes is above its cap of {cap}.", nameof(message));
    }

    /// <summary>Reads kind and list. Refuses, with tokens of <see cref="PeerTokens"/>, RLP and the chain, whatever is not one message's only encoding.</summary>
    public Verdict<PeerMessage> Decode(ReadOnlySpan<byte> frame)
    {
        if (frame.IsEmpty)
        {
            return new Refusal(RefusalKind.Malformed, PeerTokens.FrameEmpty, "The frame has no kind.");
        }

        var kind = (MessageKind)frame[0];
        if (CheckSize(kind, frame.Length, Caps.FrameBytes(kind)) is { } tooLarge)
        {
            return tooLarge;
        }

        var rlp = new RlpReader(frame[1..]);
        rlp.EnterList("message");
        PeerMessage message = ReadFields(ref rlp, kind);
        rlp.LeaveList("message");
        rlp.End();
        return rlp.Refusal is { } refusal ? refusal : message;
    }

    /// <summary>What can be said of a frame before its body is read.</summary>
    /// <param name="kind">Its first byte.</param>
    /// <param name="length">Its length, kind included.</param>
    /// <param name="cap">Most bytes now.</param>
    public static Refusal? CheckSize(MessageKind kind, long length, int cap)
    {
        if (!MessageCaps.IsKnown(kind))
        {
            return new Refusal(RefusalKind.Malformed, PeerTokens.MessageUnknown, "No message has this kind.", (byte)kind, (byte)MessageKind.NotServed);
        }

        return length <= cap
            ? null
            : new Refusal(RefusalKind.Malformed, PeerTokens.FrameTooLarge, $"A {kind} frame is too large.", length, cap);
    }

    private static void WriteFields(RlpWriter rlp, PeerMessage message)
    {
        switch (message)
        {
            case Hello hello: HandshakeCodec.Write(rlp, hello); break;
            case Goodbye goodbye: HandshakeCodec.Write(rlp, goodbye); break;
            case Ping ping: rlp.Write(ping.Nonce); break;
            case Pong pong: rlp.Write(pong.Nonce); break;
            case NotServed notServed: HandshakeCodec.Write(rlp, notServed); break;
            case Addresses addresses: AddressMessageCodec.Write(rlp, addresses); break;
            case GetHeaders getHeaders: HeaderMessageCodec.Write(rlp, getHeaders); break;
            case Headers headers: HeaderMessageCodec.Write(rlp, headers); break;
            case NewTransactions announced: rlp.WriteHashes(announced.Hashes); break;
            case GetTransactions wanted: rlp.Write(wanted.RequestId).WriteHashes(wanted.Hashes); break;
            case Transactions transactions: TransactionMessageCodec.Write(rlp, transactions); break;
            case NewBlock newBlock: BlockMessageCodec.Write(rlp, newBlock); break;
            case GetBlockParts getParts: BlockMessageCodec.Write(rlp, getParts); break;
            case BlockParts parts: BlockMessageCodec.Write(rlp, parts); break;
            case GetBlocks getBlocks: rlp.Write(getBlocks.RequestId).WriteHashes(getBlocks.Hashes); break;
            case Blocks blocks: BlockMessageCodec.Write(rlp, blocks); break;
            case EncodedBlocks encoded: BlockMessageCodec.Write(rlp, encoded); break;
            case GetMempool: break;
            case SnapshotOffer offer: SnapshotMessageCodec.Write(rlp, offer); break;
            case GetStateChunk getChunk: SnapshotMessageCodec.Write(rlp, getChunk); break;
            case StateChunk chunk: SnapshotMessageCodec.Write(rlp, chunk); break;
            case GetData getData: DataMessageCodec.Write(rlp, getData); break;
            case DataChunk chunk: DataMessageCodec.Write(rlp, chunk); break;
            case NetworkDescription description: DataMessageCodec.Write(rlp, description); break;
            case GetAddresses or GetSnapshot or GetNetwork: rlp.Write(((PeerRequest)message).RequestId); break;
            default: throw new ArgumentException($"{message.GetType().Name} has no encoding.", nameof(message));
        }
    }

    private PeerMessage ReadFields(ref RlpReader rlp, MessageKind kind) => kind switch
    {
        MessageKind.Hello => HandshakeCodec.ReadHello(ref rlp),
        MessageKind.Goodbye => HandshakeCodec.ReadGoodbye(ref rlp),
        MessageKind.Ping => new Ping(rlp.ReadUInt64("nonce")),
        MessageKind.Pong => new Pong(rlp.ReadUInt64("nonce")),
        MessageKind.NotServed => HandshakeCodec.ReadNotServed(ref rlp),
        MessageKind.GetAddresses => new GetAddresses(rlp.ReadRequestId()),
        MessageKind.Addresses => AddressMessageCodec.ReadAddresses(ref rlp),
        MessageKind.GetHeaders => HeaderMessageCodec.ReadGetHeaders(ref rlp),
        MessageKind.Headers => HeaderMessageCodec.ReadHeaders(ref rlp),
        MessageKind.NewTransactions => new NewTransactions(rlp.ReadHashes(NewTransactions.Most, "transactions")),
        MessageKind.GetTransactions => new GetTransactions(rlp.ReadRequestId(), rlp.ReadHashes(GetTransactions.Most, "transactions")),
        MessageKind.Transactions => TransactionMessageCodec.ReadTransactions(ref rlp, Network),
        MessageKind.NewBlock => BlockMessageCodec.ReadNewBlock(ref rlp, Network),
        MessageKind.GetBlockParts => BlockMessageCodec.ReadGetBlockParts(ref rlp, Network),
        MessageKind.BlockParts => BlockMessageCodec.ReadBlockParts(ref rlp, Network),
        MessageKind.GetBlocks => new GetBlocks(rlp.ReadRequestId(), rlp.ReadHashes(GetBlocks.Most, "blocks")),
        MessageKind.Blocks => BlockMessageCodec.ReadBlocks(ref rlp, Network),
        MessageKind.GetMempool => new GetMempool(),
        MessageKind.GetSnapshot => new GetSnapshot(rlp.ReadRequestId()),
        MessageKind.SnapshotOffer => SnapshotMessageCodec.ReadSnapshotOffer(ref rlp),
        MessageKind.GetStateChunk => SnapshotMessageCodec.ReadGetStateChunk(ref rlp),
        MessageKind.StateChunk => SnapshotMessageCodec.ReadStateChunk(ref rlp),
        MessageKind.GetData => DataMessageCodec.ReadGetData(ref rlp),
        MessageKind.DataChunk => DataMessageCodec.ReadDataChunk(ref rlp),
        MessageKind.GetNetwork => new GetNetwork(rlp.ReadRequestId()),
        MessageKind.NetworkDescription => DataMessageCodec.ReadNetworkDescription(ref rlp),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A known kind without a decoder."),
    };

    // Without a network the frame caps of these kinds are 0, so none of them gets here.
    private BlockCaps Network => Caps.Blocks ?? throw new InvalidOperationException("There is no network yet.");
}
