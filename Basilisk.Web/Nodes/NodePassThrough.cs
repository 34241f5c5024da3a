using Basilisk.Contracts.Errors;
using Basilisk.Web.Hosting;

namespace Basilisk.Web.Nodes;

/// <summary>Hands a reading REST answer of the node on as it came.</summary>
public sealed class NodePassThrough(HttpClient http, ILogger<NodePassThrough> logger)
{
    /// <summary>Copies the node's answer to <paramref name="pathAndQuery"/> into this response.</summary>
    public async Task Copy(HttpContext context, string pathAndQuery)
    {
        try
        {
            using var answer = await http.GetAsync(pathAndQuery, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString() ?? "application/json";
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            logger.NodeUnreachable(pathAndQuery, problem.Message);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsJsonAsync(
                new ApiError("node-offline", $"The node at {http.BaseAddress} does not answer. Start it, or point the portal at another with --node URL.", context.TraceIdentifier));
        }
    }
}
