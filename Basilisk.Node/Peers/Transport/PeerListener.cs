using System.Net;
using Basilisk.Node.Failures;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// Takes connections: a Kestrel server of its own whose one endpoint speaks no HTTP. How many, the <see cref="InboundGate"/> decides, and not
/// Kestrel, which would log a line for each that it turns away.
/// </summary>
internal sealed class PeerListener : IAsyncDisposable
{
    private readonly KestrelServer _server;

    private PeerListener(KestrelServer server, IPEndPoint endPoint)
    {
        _server = server;
        EndPoint = endPoint;
    }

    /// <summary>Where it listens, with the port that was bound.</summary>
    public IPEndPoint EndPoint { get; }

    /// <param name="endPoint">Address and port; port 0 takes a free one.</param>
    /// <param name="handler">Runs a connection until it ends.</param>
    /// <param name="logs">For Kestrel's own lines.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="PortInUseException">Another process listens there.</exception>
    public static async Task<PeerListener> StartAsync(IPEndPoint endPoint, ConnectionHandler handler, ILoggerFactory logs, CancellationToken cancellation)
    {
        var options = new KestrelServerOptions();
        options.Listen(endPoint, listen => listen.Run(handler.OnConnectedAsync));
        var transport = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(PeerSockets.Options), logs);
        var server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), transport, logs);
        try
        {
            await server.StartAsync(new NoHttp(), cancellation);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            server.Dispose();
            throw new PortInUseException(endPoint.ToString(), error, "--listen (peers)");
        }

        string bound = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        return new PeerListener(server, new IPEndPoint(endPoint.Address, new Uri(bound).Port));
    }

    /// <summary>Takes no more connections; those that are open have been closed before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }

    /// <summary>Kestrel wants an application; no connection ever reaches it.</summary>
    private sealed class NoHttp : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public Task ProcessRequestAsync(IFeatureCollection context) => throw new NotSupportedException("The peer port speaks no HTTP.");

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }
    }
}
