using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;
using Xunit;

namespace Basilisk.Node.Tests.Support;

/// <summary>
/// The other end of a connection, under a test's control: a real socket under TLS that sends and expects frames one by one, and may misbehave
/// in any way. It answers nothing by itself.
/// </summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly SslStream _tls;

    private ScriptedPeer(Socket socket, SslStream tls, PeerIdentity identity)
    {
        (_socket, _tls) = (socket, tls);
        Identity = identity;
    }

    public PeerIdentity Identity { get; }

    public PeerId Id => Identity.Id;

    public MessageCodec Codec { get; } = new(MessageSamples.Parameters);

    /// <summary>What the node said at the handshake.</summary>
    public Hello? Theirs { get; private set; }

    /// <summary>A Hello that a node of the test network takes.</summary>
    public static Hello SomeHello(Hash256? network = null, ulong height = 0) => new(
        Hello.CurrentVersion,
        network ?? MessageSamples.Parameters.Hash,
        Hash256.Zero,
        height,
        0UL,
        PeerServices.Blocks,
        0,
        (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        "scripted/1");

    /// <summary>Dials a node and agrees on keys; says nothing yet.</summary>
    public static async Task<ScriptedPeer> ConnectAsync(IPEndPoint node, PeerIdentity? identity = null, SslProtocols protocols = SslProtocols.Tls13)
    {
        Socket socket = await PeerSockets.ConnectAsync(node, CancellationToken.None);
        PeerIdentity own = identity ?? PeerIdentity.Create();
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "basilisk",
                EnabledSslProtocols = protocols,
                ClientCertificateContext = SslStreamCertificateContext.Create(own.Certificate, null, offline: true),
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            }).WaitAsync(Eventually.Patience);
            return new ScriptedPeer(socket, tls, own);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Dials a node and says Hello; the node has taken the connection when this returns.</summary>
    public static async Task<ScriptedPeer> JoinAsync(IPEndPoint node, Hello? hello = null, PeerIdentity? identity = null)
    {
        ScriptedPeer peer = await ConnectAsync(node, identity);
        await peer.SendAsync(hello ?? SomeHello());
        peer.Theirs = await peer.ExpectAsync<Hello>();
        return peer;
    }

    /// <summary>Waits on a listening socket for a node to dial; agrees on keys, says nothing yet.</summary>
    public static async Task<ScriptedPeer> AcceptAsync(Socket listening, PeerIdentity? identity = null)
    {
        Socket socket = await listening.AcceptAsync().WaitAsync(Eventually.Patience);
        PeerIdentity own = identity ?? PeerIdentity.Create();
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ServerCertificateContext = SslStreamCertificateContext.Create(own.Certificate, null, offline: true),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }).WaitAsync(Eventually.Patience);
        return new ScriptedPeer(socket, tls, own);
    }

    /// <summary>Answers a node's Hello after <see cref="AcceptAsync"/>.</summary>
    public async Task GreetAsync(Hello? hello = null)
    {
        Theirs = await ExpectAsync<Hello>();
        await SendAsync(hello ?? SomeHello());
    }

    /// <summary>A socket on a free loopback port, for <see cref="AcceptAsync"/>.</summary>
    public static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    /// <summary>A frame as the protocol has it.</summary>
    public Task SendAsync(PeerMessage message) => SendRawAsync(Frame(Codec.Encode(message)));

    /// <summary>Length and body.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> body)
    {
        var frame = new byte[FrameReader.LengthBytes + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)body.Length);
        body.CopyTo(frame.AsSpan(FrameReader.LengthBytes));
        return frame;
    }

    /// <summary>Any bytes.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _tls.WriteAsync(bytes).AsTask().WaitAsync(Eventually.Patience);
        await _tls.FlushAsync().WaitAsync(Eventually.Patience);
    }

    /// <summary>The next frame, whatever it is.</summary>
    /// <exception cref="EndOfStreamException">The node closed the connection.</exception>
    public async Task<PeerMessage> ReceiveAsync()
    {
        var length = new byte[FrameReader.LengthBytes];
        await _tls.ReadExactlyAsync(length).AsTask().WaitAsync(Eventually.Patience);
        var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(length)];
        await _tls.ReadExactlyAsync(body).AsTask().WaitAsync(Eventually.Patience);
        return Codec.Decode(body).Value;
    }

    /// <summary>The next frame, which must be of this kind; pings on the way are answered.</summary>
    public async Task<T> ExpectAsync<T>()
        where T : PeerMessage
    {
        while (true)
        {
            PeerMessage message = await ReceiveAsync();
            if (message is Ping ping && typeof(T) != typeof(Ping))
            {
                await SendAsync(new Pong(ping.Nonce));
                continue;
            }

            return Assert.IsType<T>(message);
        }
    }

    /// <summary>Passes over whatever the node says until it says good-bye and closes.</summary>
    public async Task<Goodbye> ExpectGoodbyeAsync()
    {
        PeerMessage message;
        do
        {
            message = await ReceiveAsync();
        }
        while (message is not Goodbye);
        Close();
        return (Goodbye)message;
    }

    /// <summary>Passes over whatever the node says until the connection ends, with or without a word.</summary>
    public async Task ExpectEndAsync()
    {
        try
        {
            while (true)
            {
                await ReceiveAsync();
            }
        }
        catch (Exception error) when (error is IOException or EndOfStreamException or ObjectDisposedException)
        {
            Close();
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Close() => _socket.Close();

    public async ValueTask DisposeAsync()
    {
        Close();
        await _tls.DisposeAsync();
    }
}
