using System.Text;
using Basilisk.Contracts;
using Basilisk.Web.Charts;
using Basilisk.Web.Components.Pages;
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

        routes.MapGet("/quality/points.csv", async (NodeClient node, CancellationToken stop) =>
            Csv(await node.Quality(QualityPage.MostPoints, stop), QualityCsv.Of, "basilisk-quality.csv"));
        routes.MapGet("/quality/primer.csv", async (NodeClient node, CancellationToken stop) =>
            Csv(await node.Primer(stop), QualityCsv.Of, "basilisk-primer.csv"));

        // The JSON behind every page, under the node's own names: the node itself may not be reachable from the browser.
        routes.MapGet("/api/{**path}", (HttpContext context, NodePassThrough node) => node.Copy(context, context.Request.Path + context.Request.QueryString.Value));
        routes.MapGet(Routes.OpenApi, (HttpContext context, NodePassThrough node) => node.Copy(context, Routes.OpenApi));
    }

    private static IResult Csv<T>(NodeReply<T> reply, Func<T, string> write, string fileName)
        where T : class => reply.Ok
        ? Results.File(Encoding.UTF8.GetBytes(write(reply.Value)), QualityCsv.MediaType, fileName)
        : Results.Json(reply.Error, statusCode: StatusCodes.Status503ServiceUnavailable);
}
