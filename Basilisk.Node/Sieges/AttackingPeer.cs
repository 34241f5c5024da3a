using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Sieges;

/// <summary>The other end of a connection with the node under siege: keeps to TLS, and to nothing else unless it wants to.</summary>
internal sealed class AttackingPeer : IAsyncDisposable
{
    /// <summary>What is noted where the node closes without a word.</summary>
    public const string Closed = "closed";

    private readonly SslStream _tls;
    private readonly PeerIdentity _identity;
    private readonly MessageCodec _codec;
    private readonly SemaphoreSlim _answers = new(0);

    private AttackingPeer(SslStream tls, PeerIdentity identity, MessageCodec codec) => (_tls, _identity, _codec) = (tls, identity, codec);

    /// <summary>Dials and agrees on keys with a new identity; says nothing yet.</summary>
    /// <exception cref="IOException">The node took no connection.</exception>
    /// <exception cref="AuthenticationException">The node broke TLS off.</exception>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public static async Task<AttackingPeer> ConnectAsync(SiegeTarget target, CancellationToken cancellation)
    {
        Socket socket = await PeerSockets.ConnectAsync(target.Peers, cancellation);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        PeerIdentity identity = PeerIdentity.Create();
        try
        {
            await tls.AuthenticateAsClientAsync(Options(identity), cancellation);
            return new AttackingPeer(tls, identity, target.Codec);
        }
        catch
        {
            await tls.DisposeAsync();
            identity.Dispose();
            throw;
        }
    }

    /// <summary>Dials, and says Hello as an honest node would.</summary>
    public static async Task<AttackingPeer> JoinAsync(SiegeTarget target, CancellationToken cancellation)
    {
        AttackingPeer peer = await ConnectAsync(target, cancellation);
        try
        {
            await peer.SendAsync(target.Hello(), cancellation);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public Task SendAsync(PeerMessage message, CancellationToken cancellation) => SendAsync(Frame(_codec.Encode(message)), cancellation);

    /// <summary>Any bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _tls.WriteAsync(bytes, cancellation);
        await _tls.FlushAsync(cancellation);
    }

    /// <summary>Waits for an answer to a request; somebody must listen.</summary>
    public Task AnsweredAsync(CancellationToken cancellation) => _answers.WaitAsync(cancellation);

    /// <summary>Passes over whatever the node says until it closes.</summary>
    /// <returns>The token of its good-bye, or <see cref="Closed"/>.</returns>
    public async Task<string> ListenAsync(CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                await _tls.ReadExactlyAsync(buffer.AsMemory(0, FrameReader.LengthBytes), cancellation);
                long left = BinaryPrimitives.ReadUInt32BigEndian(buffer);
                bool isWhole = left <= buffer.Length;
                await _tls.ReadExactlyAsync(buffer.AsMemory(0, 1), cancellation);
                var kind = (MessageKind)buffer[0];
                for (int read = 1; left > 0; read = 0)
                {
                    int part = (int)Math.Min(left, buffer.Length);
                    await _tls.ReadExactlyAsync(buffer.AsMemory(read, part - read), cancellation);
                    left -= part;
                    if (isWhole && kind == MessageKind.Goodbye && _codec.Decode(buffer.AsSpan(0, part)).TryGet(out PeerMessage? last, out Refusal? _))
                    {
                        return ((Goodbye)last).Token;
                    }
                }

                if (OpenRequests.IsAnswer(kind))
                {
                    _answers.Release();
                }
            }
        }
        catch (Exception error) when (ConnectionErrors.IsEnd(error) && !cancellation.IsCancellationRequested)
        {
            return Closed;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        _identity.Dispose();
        _answers.Dispose();
    }

    private static byte[] Frame(byte[] body)
    {
        var frame = new byte[FrameReader.LengthBytes + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)body.Length);
        body.CopyTo(frame, FrameReader.LengthBytes);
        return frame;
    }

    private static SslClientAuthenticationOptions Options(PeerIdentity identity) => new()
    {
        TargetHost = "basilisk",
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, null, offline: true),
        RemoteCertificateValidationCallback = (_, _, _, _) => true, // an attacker does not care whom it attacks
    };
}
