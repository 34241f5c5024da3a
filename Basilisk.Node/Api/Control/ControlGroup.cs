using System.Net;
using Basilisk.Contracts.Errors;

namespace Basilisk.Node.Api.Control;

/// <summary>
/// Routes that change what the node does. Each is under <see cref="Contracts.Routes.Control"/>, taken from this machine alone and
/// with the control token as <c>Authorization: Bearer</c>: no page in a browser and nobody on the network can use them.
/// </summary>
internal static class ControlGroup
{
    private const string Scheme = "Bearer ";

    /// <summary>A group whose routes ask for the token; add routes by their full path of <see cref="Contracts.Routes"/>.</summary>
    public static RouteGroupBuilder MapControlGroup(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        RouteGroupBuilder group = app.MapGroup("").WithTags("control");
        group.AddEndpointFilter(AdmitAsync);
        return group;
    }

    private static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        HttpContext context = call.HttpContext;
        if (context.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote))
        {
            return Refuse(context, StatusCodes.Status403Forbidden, ErrorTokens.ControlNotLocal, "A node is controlled from its own machine only.");
        }

        string? header = context.Request.Headers.Authorization;
        string? shown = header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
        return context.RequestServices.GetRequiredService<ControlToken>().Admits(shown)
            ? await next(call)
            : Refuse(context, StatusCodes.Status401Unauthorized, ErrorTokens.ControlToken, $"Show the token of the file {ControlToken.FileName} in the node's data directory as Authorization: Bearer.");
    }

    private static IResult Refuse(HttpContext context, int status, string token, string message) =>
        Results.Json(new ApiError(token, message, context.TraceIdentifier), statusCode: status);
}
