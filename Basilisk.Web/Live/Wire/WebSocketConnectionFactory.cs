using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Basilisk.Web.Live.Wire;

/// <summary>Opens the WebSocket that a hub connection speaks over.</summary>
internal sealed class WebSocketConnectionFactory : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not UriEndPoint { Uri: var address })
        {
            throw new InvalidOperationException($"A hub connection needs a UriEndPoint, not {endpoint.GetType().Name}.");
        }

        var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new WebSocketConnection(socket);
    }
}
