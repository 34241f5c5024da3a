using Basilisk.Contracts;
using Basilisk.Node.Api.Live;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Mempool;
using Basilisk.Node.Options;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Basilisk.Node.Api;

/// <summary>Everything the node serves over HTTP, put together.</summary>
internal static class NodeApi
{
    public static void AddNodeApi(this IServiceCollection services, NodeOptions options)
    {
        services.AddOpenApi("v1");
        services.AddSingleton<ExplorerQueries>();
        services.AddSingleton<IPendingTransactions, PendingTransactions>();
        services.AddSingleton<LivePublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<LivePublisher>());
        services.AddSignalR().AddJsonProtocol(json =>
            json.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        services.AddHealthChecks();
    }

    public static void MapNodeApi(this WebApplication app)
    {
        app.UseApiErrors();
        app.UseWebSockets();
        app.MapOpenApi(Routes.OpenApi.Replace("v1", "{documentName}", StringComparison.Ordinal));
        app.MapRest();
        app.MapHub<LiveHub>(Routes.Hub);
        app.MapHealthChecks(Routes.HealthLive);
        app.MapHealthChecks(Routes.HealthReady);
    }
}
