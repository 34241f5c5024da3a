using Basilisk.Web.Chat;
using Basilisk.Web.Configuration;
using Basilisk.Web.Live;
using Basilisk.Web.Nodes;
using Basilisk.Web.Search;
using Microsoft.Extensions.Options;
using Radzen;

namespace Basilisk.Web.Hosting;

/// <summary>Everything the portal is made of.</summary>
public static class PortalServices
{
    /// <summary>What the pages think with: settings, the node's clients, the live feed.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsValidator>();
        services.AddOptions<PortalOptions>().Bind(configuration.GetSection(PortalOptions.Section)).ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddHttpClient<NodeClient>(ReachNode);
        services.AddHttpClient<NodePassThrough>(ReachNode);
        services.AddHttpClient<ChatClient>((provider, http) =>
        {
            ReachNode(provider, http);

            // An answer takes as long as it takes; the person has a Stop button.
            http.Timeout = Timeout.InfiniteTimeSpan;
        });
        services.AddScoped<Searcher>();
        services.AddSingleton<NetworkCache>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService<LiveFeedWorker>();
        return services;
    }

    /// <summary>What draws the pages.</summary>
    public static IServiceCollection AddPortalPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        return services;
    }

    private static void ReachNode(IServiceProvider provider, HttpClient http)
    {
        var options = provider.GetRequiredService<IOptions<PortalOptions>>().Value;
        http.BaseAddress = new Uri(options.NodeUrl);
        http.Timeout = TimeSpan.FromSeconds(options.RequestTimeoutSeconds);
    }
}
