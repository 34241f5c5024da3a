using Basilisk.Contracts.Errors;
using Basilisk.Node.Api.OpenAi;
using Basilisk.Node.Api.Rest;
using Microsoft.AspNetCore.Diagnostics;

namespace Basilisk.Node.Api;

/// <summary>Turns what went wrong in a request into an <see cref="ApiError"/> with a stable token and an id found in the log.</summary>
internal static class ApiErrors
{
    public static void UseApiErrors(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            // At the last moment: the exception handler clears what was set before.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["x-request-id"] = context.TraceIdentifier;
                if (context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge && HttpProtocol.IsHttp11(context.Request.Protocol))
                {
                    // The rest of the body is not read: the server closes the connection, and a client that is not told sends its next request on it.
                    context.Response.Headers.Connection = "close";
                }

                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerAsync,
            // A client's mistake is no error of this node; a real one is logged below, with the request's id.
            SuppressDiagnosticsCallback = _ => true,
        });
        app.UseStatusCodePages(pages => AnswerStatusAsync(pages.HttpContext));
    }

    /// <summary>Writes an error as the surface asked does: OpenAI's shape under /v1, <see cref="ApiError"/> elsewhere.</summary>
    public static Task WriteAsync(HttpContext context, int status, string token, string message)
    {
        if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
        {
            string type = status >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_request_error";
            return new OpenAiError(status, type, message, null, token.Replace('-', '_')).WriteAsync(context);
        }

        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ApiError(token, message, context.TraceIdentifier), context.RequestAborted);
    }

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

        await WriteAsync(context, status, token, message);
    }

    // Answers that the framework gave without a body: no such route, wrong method, a parameter that is no number.
    private static Task AnswerStatusAsync(HttpContext context)
    {
        int status = context.Response.StatusCode;
        (string token, string message) = status switch
        {
            StatusCodes.Status404NotFound => (ErrorTokens.NotFound, $"There is nothing at {context.Request.Path}; /openapi/v1.json lists what there is."),
            StatusCodes.Status405MethodNotAllowed => (ErrorTokens.MethodNotAllowed, $"{context.Request.Path} does not take {context.Request.Method}."),
            StatusCodes.Status413PayloadTooLarge => (ErrorTokens.BodyTooLarge, "The request's body is larger than this node takes."),
            >= StatusCodes.Status500InternalServerError => (ErrorTokens.Internal, "The node failed to answer."),
            _ => (ErrorTokens.BadParameter, "The request cannot be read; /openapi/v1.json says what it takes."),
        };
        return WriteAsync(context, status, token, message);
    }
}
