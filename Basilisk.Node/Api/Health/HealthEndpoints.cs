using Basilisk.Contracts;

namespace Basilisk.Node.Api.Health;

/// <summary>For supervisors: is the process alive, can it serve.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet(Routes.HealthLive, () => new HealthView("live", [])).WithTags("health").WithName("health-live");
        app.MapGet(Routes.HealthReady, async (NodeHealth health, HttpContext context) =>
        {
            HealthView view = await health.ReadyAsync(context.RequestAborted);
            return Results.Json(view, statusCode: view.Reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).WithTags("health").WithName("health-ready").Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable);
    }
}
