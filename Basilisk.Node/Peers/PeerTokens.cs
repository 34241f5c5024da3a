namespace Basilisk.Node.Peers;

/// <summary>Stable names of why a peer, its bytes or its answer is refused; docs/protocol.md explains each.</summary>
public static class PeerTokens
{
    // Frames and messages.
    public const string FrameTooLarge = "frame-too-large";
    public const string FrameEmpty = "frame-empty";
    public const string MessageUnknown = "message-unknown";
    public const string MessageCount = "message-count";
    public const string MessageOrder = "message-order";
    public const string AgentNotPrintable = "agent-not-printable";
    public const string TextNotPrintable = "text-not-printable";
    public const string AddressMalformed = "address-malformed";
    public const string DataKindUnknown = "data-kind-unknown";
    public const string PrefixMalformed = "prefix-malformed";

    // Handshake.
    public const string HelloExpected = "hello-expected";
    public const string HelloRepeated = "hello-repeated";
    public const string ProtocolVersion = "protocol-version";
    public const string NetworkMismatch = "network-mismatch";
    public const string Self = "self";
    public const string AlreadyConnected = "already-connected";
    public const string TooManyConnections = "too-many-connections";
    public const string Banned = "banned";

    // Conversation.
    public const string Timeout = "timeout";
    public const string Gone = "gone";
    public const string WrongAnswer = "wrong-answer";
    public const string AnswerUnasked = "answer-unasked";
    public const string Flood = "flood";
    public const string NotServed = "not-served";
    public const string ProofMismatch = "proof-mismatch";
    public const string Stalled = "stalled";
    public const string Stopping = "stopping";
    public const string Internal = "internal";

    // Dialling.
    public const string Unreachable = "unreachable";
    public const string TlsFailed = "tls-failed";
}
