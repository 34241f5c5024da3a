using System.Net;
using Basilisk.Web.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Basilisk.Web.Live.Wire;

/// <summary>Builds hub connections over a plain WebSocket (the client's core package brings no transport of its own).</summary>
internal static class NodeHub
{
    public static HubConnection Create(Uri hub, ILoggerFactory loggers)
    {
        var protocol = new JsonHubProtocolOptions();
        WireJson.Configure(protocol.PayloadSerializerOptions);

        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory, WebSocketConnectionFactory>();
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(ToWebSocket(hub)));
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHubProtocol>(new JsonHubProtocol(Options.Create(protocol)));
        var connection = builder.Build();
        connection.ServerTimeout = TimeSpan.FromSeconds(30);
        connection.HandshakeTimeout = TimeSpan.FromSeconds(5);
        return connection;
    }

    private static Uri ToWebSocket(Uri hub) =>
        new UriBuilder(hub) { Scheme = hub.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs }.Uri;
}
