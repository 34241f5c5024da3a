using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Basilisk.Node.Peers.Policy;
using Microsoft.AspNetCore.Connections;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// A connection under TLS 1.3 whose other end has proved which key it has. Any self-signed certificate with a key on P-256 will do: who
/// somebody is, is the key, and nobody vouches for keys.
/// </summary>
internal sealed class SecureChannel : IAsyncDisposable
{
    /// <summary>No name is checked; TLS wants one.</summary>
    private const string TargetName = "basilisk";

    private const int ReadBufferBytes = 16 * 1024;

    private readonly ConnectionContext _connection;
    private readonly SslStream _tls;

    private SecureChannel(ConnectionContext connection, SslStream tls, PeerId peer)
    {
        _connection = connection;
        _tls = tls;
        Peer = peer;
        Remote = PeerAddress.Normalise((IPEndPoint)connection.RemoteEndPoint!);
        Input = PipeReader.Create(tls, new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, leaveOpen: true));
    }

    /// <summary>Whom the other end proved to be.</summary>
    public PeerId Peer { get; }

    public IPEndPoint Remote { get; }

    public PipeReader Input { get; }

    public Stream Output => _tls;

    /// <summary>Agrees on keys. The connection belongs to the channel from here on, also where it is refused.</summary>
    /// <param name="connection">A TCP connection.</param>
    /// <param name="identity">This node's key.</param>
    /// <param name="asServer">Whether the other end dialled.</param>
    /// <param name="cancellation">The handshake's deadline.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="AuthenticationException">The other end speaks no TLS 1.3, or has no such key.</exception>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public static async Task<SecureChannel> OpenAsync(ConnectionContext connection, PeerIdentity identity, bool asServer, CancellationToken cancellation)
    {
        var tls = new SslStream(new DuplexPipeStream(connection.Transport), leaveInnerStreamOpen: false);
        try
        {
            await (asServer
                ? tls.AuthenticateAsServerAsync(ServerOptions(identity), cancellation)
                : tls.AuthenticateAsClientAsync(ClientOptions(identity), cancellation));
            return new SecureChannel(connection, tls, PeerIdentity.IdOf((X509Certificate2)tls.RemoteCertificate!)!.Value);
        }
        catch
        {
            connection.Abort();
            await tls.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts the connection; whatever waits on it ends.</summary>
    public void Abort() => _connection.Abort();

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await _tls.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static SslServerAuthenticationOptions ServerOptions(PeerIdentity identity) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ServerCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, null, offline: true),
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = HasPeerKey,
        AllowRenegotiation = false,
        AllowTlsResume = false, // every connection proves its key
    };

    private static SslClientAuthenticationOptions ClientOptions(PeerIdentity identity) => new()
    {
        TargetHost = TargetName,
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = SslStreamCertificateContext.Create(identity.Certificate, null, offline: true),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = HasPeerKey,
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };

    private static bool HasPeerKey(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is X509Certificate2 offered && PeerIdentity.IdOf(offered) is not null;
}
