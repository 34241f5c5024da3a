using System.Net.WebSockets;
using Basilisk.Contracts;
using Basilisk.Contracts.Errors;
using Basilisk.Node.Options;

namespace Basilisk.Node.Api.JsonRpc.Sockets;

/// <summary><c>/ws</c>: JSON-RPC over a WebSocket, with eth_subscribe.</summary>
internal static class SocketEndpoint
{
    private const int MostConnections = 256;

    public static void MapSocket(this IEndpointRouteBuilder app)
    {
        var places = new SemaphoreSlim(MostConnections, MostConnections);
        app.Map(Routes.WebSocketRpc, context => AnswerAsync(context, places));
    }

    private static async Task AnswerAsync(HttpContext context, SemaphoreSlim places)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await ApiErrors.WriteAsync(context, StatusCodes.Status400BadRequest, ErrorTokens.BadParameter, "This path speaks WebSocket; use POST / for JSON-RPC over HTTP.");
            return;
        }

        if (!await places.WaitAsync(0))
        {
            await ApiErrors.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, ErrorTokens.NotReady, $"The node serves {MostConnections} WebSockets at once; try again later.");
            return;
        }

        try
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                KeepAliveInterval = TimeSpan.FromSeconds(30),
                KeepAliveTimeout = TimeSpan.FromSeconds(20),
            });
            IServiceProvider services = context.RequestServices;
            var connection = new SocketConnection(
                socket,
                services.GetRequiredService<RpcDispatcher>(),
                services.GetRequiredService<SubscriptionFeed>(),
                services.GetRequiredService<NodeOptions>().Http.MaxBodyBytes,
                services.GetRequiredService<TimeProvider>());
            IHostApplicationLifetime lifetime = services.GetRequiredService<IHostApplicationLifetime>();
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            await connection.RunAsync(ended.Token);
        }
        finally
        {
            places.Release();
        }
    }
}
