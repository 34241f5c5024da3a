using Basilisk.Contracts;
using Basilisk.Web.Nodes;
using Basilisk.Web.Search;

namespace Basilisk.Web.Hosting;

/// <summary>The portal's addresses that answer data and not pages.</summary>
public static class PortalEndpoints
{
    /// <summary>Suggestions shown under the search box.</summary>
    public const int MostSuggestions = 8;

    public static void MapPortalEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/search/suggest", async (string? q, Searcher searcher, CancellationToken stop) =>
            (await searcher.Find(q, stop)).Targets.Take(MostSuggestions));

        // The JSON behind every page, under the node's own names: the node itself may not be reachable from the browser.
        routes.MapGet("/api/{**path}", (HttpContext context, NodePassThrough node) => node.Copy(context, context.Request.Path + context.Request.QueryString.Value));
        routes.MapGet(Routes.OpenApi, (HttpContext context, NodePassThrough node) => node.Copy(context, Routes.OpenApi));
    }
}
