using Basilisk.Contracts.Errors;
using Basilisk.Node.Api.Rest;
using Microsoft.AspNetCore.Diagnostics;

namespace Basilisk.Node.Api;

/// <summary>Turns what went wrong in a request into an <see cref="ApiError"/> with a stable token and an id found in the log.</summary>
internal static class ApiErrors
{
    public static void UseApiErrors(this WebApplication app) => app.UseExceptionHandler(errors => errors.Run(AnswerAsync));

    private static async Task AnswerAsync(HttpContext context)
    {
        Exception? error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        (int status, string token, string message) = error switch
        {
            BadParameterException bad => (StatusCodes.Status400BadRequest, ErrorTokens.BadParameter, bad.Message),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (StatusCodes.Status413PayloadTooLarge, ErrorTokens.BodyTooLarge, "The request's body is larger than this node takes."),
            BadHttpRequestException bad => (bad.StatusCode, ErrorTokens.BadParameter, bad.Message),
            _ => (StatusCodes.Status500InternalServerError, ErrorTokens.Internal, "The node failed to answer; its log has the cause under this request's id."),
        };
        if (status == StatusCodes.Status500InternalServerError && error is not null)
        {
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Basilisk.Api")
                .RequestFailed(error, context.TraceIdentifier, context.Request.Method, context.Request.Path);
        }

        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new ApiError(token, message, context.TraceIdentifier), context.RequestAborted);
    }
}
