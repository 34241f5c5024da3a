namespace Basilisk.Node.Peers.Messages;

/// <summary>Something one node says to another. On the wire: a frame of one byte of kind and one RLP list (docs/protocol.md §10).</summary>
public abstract record PeerMessage
{
    /// <summary>Byte that names the message on the wire.</summary>
    public abstract MessageKind Kind { get; }
}

/// <summary>A message that expects an answer with the same id.</summary>
/// <param name="RequestId">Chosen by who asks; unique among its open requests on the connection.</param>
public abstract record PeerRequest(ulong RequestId) : PeerMessage
{
    /// <summary>
    /// Most that are open with one peer in one direction, a constant of the protocol (docs/protocol.md §10). A request is open until its answer
    /// has come, also where who asked waits for it no longer: so no honest node has more, however slowly it is answered.
    /// </summary>
    public const int MostOpen = 16;
}

/// <summary>An answer.</summary>
/// <param name="RequestId">The request's.</param>
public abstract record PeerAnswer(ulong RequestId) : PeerMessage;

/// <summary>The byte that names a message. Numbers are never used again for something else.</summary>
public enum MessageKind : byte
{
    Hello = 0,
    Goodbye = 1,
    Ping = 2,
    Pong = 3,
    GetAddresses = 4,
    Addresses = 5,
    GetHeaders = 6,
    Headers = 7,
    NewTransactions = 8,
    GetTransactions = 9,
    Transactions = 10,
    NewBlock = 11,
    GetBlockParts = 12,
    BlockParts = 13,
    GetBlocks = 14,
    Blocks = 15,
    GetMempool = 16,
    GetSnapshot = 17,
    SnapshotOffer = 18,
    GetStateChunk = 19,
    StateChunk = 20,
    GetData = 21,
    DataChunk = 22,
    GetNetwork = 23,
    NetworkDescription = 24,
    NotServed = 25,
}
