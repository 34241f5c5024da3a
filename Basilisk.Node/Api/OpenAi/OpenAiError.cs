using System.Text.Json.Nodes;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>An error in OpenAI's shape.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">invalid_request_error, rate_limit_error or server_error.</param>
/// <param name="Message">What was wrong and what to do.</param>
/// <param name="Parameter">Which member of the request; null where none.</param>
/// <param name="Code">Stable token.</param>
internal sealed record OpenAiError(int Status, string Type, string Message, string? Parameter, string Code)
{
    public static OpenAiError BadValue(string parameter, string expected) => new(
        StatusCodes.Status400BadRequest, "invalid_request_error", $"'{parameter}' must be {expected}.", parameter, "invalid_value");

    public static OpenAiError Unsupported(string parameter) => new(
        StatusCodes.Status400BadRequest, "invalid_request_error", $"'{parameter}' is not supported: the model reads and writes text only.", parameter, "unsupported_parameter");

    public static OpenAiError UnknownModel(string model) => new(
        StatusCodes.Status404NotFound,
        "invalid_request_error",
        $"The model '{model}' does not exist here. 'basilisk' is the newest; 'basilisk@<height>' is the one in force after that block, for the last rounds. GET /v1/models lists them.",
        "model",
        "model_not_found");

    public static OpenAiError Busy { get; } = new(
        StatusCodes.Status429TooManyRequests, "rate_limit_error", "The node answers as many requests as it can; try again in a moment.", null, "rate_limit_exceeded");

    public JsonObject ToJson() => new()
    {
        ["error"] = new JsonObject { ["message"] = Message, ["type"] = Type, ["param"] = Parameter, ["code"] = Code },
    };

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        if (Status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return context.Response.WriteAsync(ToJson().ToJsonString(), context.RequestAborted);
    }
}
