using Basilisk.Chain.Rlp;

namespace Basilisk.Node.Peers.Messages;

/// <summary>
/// Hello [version, network, tip, height, total work, services, listen port, time, agent], Goodbye [token, detail],
/// NotServed [request id, token].
/// </summary>
internal static class HandshakeCodec
{
    public static void Write(RlpWriter rlp, Hello hello) => rlp
        .Write(hello.ProtocolVersion).Write(hello.Network).Write(hello.Tip).Write(hello.Height).Write(hello.TotalWork)
        .Write((ulong)hello.Services).Write(hello.ListenPort).Write(hello.Time).WriteText(hello.Agent, Hello.AgentLength);

    public static Hello ReadHello(ref RlpReader rlp) => new(
        rlp.ReadUInt32("protocol version"),
        rlp.ReadHash("network"),
        rlp.ReadHash("tip"),
        rlp.ReadUInt64("height"),
        rlp.ReadUInt256("total work"),
        (PeerServices)rlp.ReadUInt32("services"),
        ReadPort(ref rlp),
        rlp.ReadUInt64("time"),
        rlp.ReadText(Hello.AgentLength, "agent", PeerTokens.AgentNotPrintable));

    public static void Write(RlpWriter rlp, Goodbye goodbye) =>
        rlp.WriteText(goodbye.Token, NotServed.TokenLength).WriteText(goodbye.Detail, Goodbye.DetailLength);

    public static Goodbye ReadGoodbye(ref RlpReader rlp) =>
        new(rlp.ReadText(NotServed.TokenLength, "token"), rlp.ReadText(Goodbye.DetailLength, "detail"));

    public static void Write(RlpWriter rlp, NotServed notServed) =>
        rlp.Write(notServed.RequestId).WriteText(notServed.Token, NotServed.TokenLength);

    public static NotServed ReadNotServed(ref RlpReader rlp) =>
        new(rlp.ReadRequestId(), rlp.ReadText(NotServed.TokenLength, "token"));

    /// <summary>A port, 0 for none.</summary>
    public static ushort ReadPort(ref RlpReader rlp)
    {
        uint port = rlp.ReadUInt32("port");
        if (port > ushort.MaxValue)
        {
            rlp.Refuse(RlpToken.IntegerTooLarge, "port", "is above 65535", port, ushort.MaxValue);
        }

        return rlp.Failed ? (ushort)0 : (ushort)port;
    }
}
