using System.Text.Json;
using System.Text.Json.Serialization;
using Basilisk.Contracts;
using Basilisk.Node.Api.Control;
using Basilisk.Node.Api.Health;
using Basilisk.Node.Api.JsonRpc;
using Basilisk.Node.Api.JsonRpc.Methods;
using Basilisk.Node.Api.JsonRpc.Sockets;
using Basilisk.Node.Api.Live;
using Basilisk.Node.Api.Metrics;
using Basilisk.Node.Api.OpenAi;
using Basilisk.Node.Api.Reading;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Inference;
using Basilisk.Node.Mempool;
using Basilisk.Node.Options;

namespace Basilisk.Node.Api;

/// <summary>Everything the node serves over HTTP, put together.</summary>
internal static class NodeApi
{
    public static void AddNodeApi(this IServiceCollection services, NodeOptions options)
    {
        // Open to pages of any origin: the node holds no login and does nothing with its key on request.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyMethod().AllowAnyHeader().SetPreflightMaxAge(TimeSpan.FromHours(1))));
        services.AddOpenApi("v1");
        services.AddSingleton<ExplorerQueries>();
        services.AddSingleton<IPendingTransactions, PendingTransactions>();
        services.AddSingleton<LivePublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<LivePublisher>());
        services.AddSignalR().AddJsonProtocol(json =>
            json.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        services.AddSingleton<ProjectedChain>().AddSingleton<NodeHealth>();
        services.AddSingleton<ServedModels>().AddSingleton<CompletionRequests>().AddSingleton<CompletionWriter>();
        services.AddSingleton<PeerMetrics>().AddSingleton<NodeMetrics>().AddHostedService(provider => provider.GetRequiredService<NodeMetrics>());
        services.AddHostedService<OpenTelemetryExport>();
        AddJsonRpc(services);
    }

    public static void MapNodeApi(this WebApplication app)
    {
        app.UseApiErrors();
        app.UseCors();
        app.UseWebSockets();
        app.MapOpenApi(Routes.OpenApi.Replace("v1", "{documentName}", StringComparison.Ordinal));
        app.MapRest();
        RouteGroupBuilder control = app.MapControlGroup();
        control.MapChainControl();
        control.MapPeerControl();
        app.MapHub<LiveHub>(Routes.Hub);
        app.MapHealth();
        app.MapJsonRpc();
        app.MapSocket();
        app.MapOpenAi();
        app.MapGet(Routes.Metrics, (NodeMetrics metrics, RpcMeter calls) => Results.Text(PrometheusText.Write(metrics.All, calls), PrometheusText.ContentType))
            .ExcludeFromDescription();
    }

    private static void AddJsonRpc(IServiceCollection services)
    {
        services.AddSingleton<RecentViews>().AddHostedService(provider => provider.GetRequiredService<RecentViews>());
        services.AddSingleton<SubscriptionFeed>().AddHostedService(provider => provider.GetRequiredService<SubscriptionFeed>());
        services.AddSingleton<ChainMethods>().AddSingleton<FeeHistory>().AddSingleton<RpcMeter>().AddSingleton<RpcDispatcher>();
        services.AddSingleton<IRpcMethods>(provider => provider.GetRequiredService<ChainMethods>());
        services.AddSingleton<IRpcMethods, AccountMethods>().AddSingleton<IRpcMethods, TransactionMethods>();
        services.AddSingleton<IRpcMethods, FeeMethods>().AddSingleton<IRpcMethods, NodeMethods>();
    }
}
