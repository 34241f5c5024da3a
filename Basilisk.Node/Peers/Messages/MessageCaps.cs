using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>
/// How large a frame of each kind may be, in bytes of kind and list (docs/protocol.md §10). Known before a byte of the body is read;
/// each follows from the counts of its message, and those of blocks and transactions from the network's parameters.
/// </summary>
public sealed class MessageCaps
{
    /// <summary>Bytes after which a sender of blocks or transactions adds no further one to a frame.</summary>
    public const int BulkBytes = 8 << 20;

    private const long HashItem = 1 + Hash256.Size;
    private const long NumberItem = 1 + sizeof(ulong);
    private const long ListHeader = 9;

    /// <summary>Kind, outer list, request id and a few more numbers and hashes: more than any message has beside its lists.</summary>
    private const long Frame = 256;

    private readonly int[] _bytes = new int[Enum.GetValues<MessageKind>().Length];

    private MessageCaps(BlockCaps? blocks)
    {
        Blocks = blocks;
        SetFixed();
        if (blocks is not null)
        {
            SetByNetwork(blocks);
        }
    }

    /// <summary>The caps of a node that does not know its network yet: it takes no blocks and no transactions.</summary>
    public static MessageCaps Bootstrap { get; } = new(null);

    /// <summary>The network's caps; null where there is no network yet.</summary>
    public BlockCaps? Blocks { get; }

    /// <exception cref="ArgumentNullException">There are no parameters; see <see cref="Bootstrap"/>.</exception>
    public static MessageCaps Of(NetworkParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new MessageCaps(parameters.Caps);
    }

    /// <summary>Whether the byte names a message.</summary>
    public static bool IsKnown(MessageKind kind) => (byte)kind <= (byte)MessageKind.NotServed;

    /// <summary>Most bytes of a frame's kind and list; 0 where such a message is not taken at all.</summary>
    public int FrameBytes(MessageKind kind) => IsKnown(kind) ? _bytes[(byte)kind] : 0;

    /// <summary>Most bytes of an answer to a request: the kind's cap, or less where the request asks for less.</summary>
    public int FrameBytes(PeerRequest request, MessageKind answer) =>
        request is GetData { Data: not DataKind.Tokenizer } && answer == MessageKind.DataChunk
            ? (int)(Frame + DataChunk.MostBytes + Hashes(DataChunk.MostSiblings))
            : FrameBytes(answer);

    private static long Hashes(long count) => ListHeader + (count * HashItem);

    private void SetFixed()
    {
        const long address = ListHeader + 17 + (3 * NumberItem);
        const long entry = ListHeader + HashItem + 3 + StateChunk.MostValueBytes;
        Set(MessageKind.Hello, Frame);
        Set(MessageKind.Goodbye, Frame + Goodbye.DetailLength);
        Set(MessageKind.Ping, Frame);
        Set(MessageKind.Pong, Frame);
        Set(MessageKind.NotServed, Frame);
        Set(MessageKind.GetAddresses, Frame);
        Set(MessageKind.Addresses, Frame + (Addresses.Most * address));
        Set(MessageKind.GetHeaders, Frame + Hashes(GetHeaders.MostLocator));
        Set(MessageKind.Headers, Frame + (Headers.Most * (3L + BlockHeader.Size)));
        Set(MessageKind.NewTransactions, Frame + Hashes(NewTransactions.Most));
        Set(MessageKind.GetTransactions, Frame + Hashes(GetTransactions.Most));
        Set(MessageKind.GetMempool, Frame);
        Set(MessageKind.GetBlocks, Frame + Hashes(GetBlocks.Most));
        Set(MessageKind.GetSnapshot, Frame);
        Set(MessageKind.SnapshotOffer, Frame);
        Set(MessageKind.GetStateChunk, Frame);
        Set(MessageKind.StateChunk, Frame + (StateChunk.MostEntries * entry) + Hashes(SnapshotMessageCodec.MostSiblings));
        Set(MessageKind.GetData, Frame);
        Set(MessageKind.DataChunk, Frame + DataChunk.MostTokenizerBytes);
        Set(MessageKind.GetNetwork, Frame);
        Set(MessageKind.NetworkDescription, Frame + (2L * NetworkDescription.MostDescription));
    }

    private void SetByNetwork(BlockCaps caps)
    {
        Set(MessageKind.NewBlock, Frame + BlockHeader.Size + Hashes(caps.Transactions) + Hashes(caps.PayloadsPerBlock));
        Set(MessageKind.GetBlockParts, Frame + ((caps.Transactions + (long)caps.PayloadsPerBlock) * NumberItem));
        Set(MessageKind.BlockParts, Frame + caps.BlockBytes);
        Set(MessageKind.Blocks, Frame + BulkBytes + caps.BlockBytes);
        Set(MessageKind.Transactions, Frame + BulkBytes + Transaction.MaximumSize + caps.PayloadBytes);
    }

    // Parameters may allow blocks of 2 GiB; no frame is longer than an array.
    private void Set(MessageKind kind, long bytes) => _bytes[(byte)kind] = (int)Math.Min(bytes, Array.MaxLength - 16);
}
