using System.Net.Sockets;
using System.Security.Authentication;

namespace Basilisk.Node.Peers.Transport;

/// <summary>What sockets, pipes and TLS throw when a connection ends. None of it is this node's failure.</summary>
internal static class ConnectionErrors
{
    public static bool IsEnd(Exception error) =>
        error is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException;
}
