using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Basilisk.Node.Peers.Transport;

/// <summary>Sockets of peers, dialled and taken, with the same bounded buffers.</summary>
internal static class PeerSockets
{
    private const int ReadBufferBytes = 128 * 1024;
    private const int WriteBufferBytes = 64 * 1024;

    public static SocketConnectionFactoryOptions DiallingOptions => new() { MaxReadBufferSize = ReadBufferBytes, MaxWriteBufferSize = WriteBufferBytes };

    public static SocketTransportOptions Options => new() { MaxReadBufferSize = ReadBufferBytes, MaxWriteBufferSize = WriteBufferBytes, NoDelay = true };

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there, or there is no way.</exception>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public static async Task<Socket> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellation)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
