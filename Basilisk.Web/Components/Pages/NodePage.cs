using Basilisk.Web.Nodes;
using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components.Pages;

/// <summary>
/// A page that asks the node before it is drawn. It is drawn once, on the server; the HTTP status says how the question ended.
/// </summary>
public abstract class NodePage : ComponentBase
{
    /// <summary>Rows of one page of a list.</summary>
    protected const int RowsPerPage = 25;

    [Inject]
    protected NodeClient Node { get; set; } = null!;

    [CascadingParameter]
    protected HttpContext? Context { get; set; }

    /// <summary>Ends when the reader went away.</summary>
    protected CancellationToken Stop => Context?.RequestAborted ?? CancellationToken.None;

    /// <summary>Asks before the first rendering: a page is never drawn half, and needs no state for "not asked yet".</summary>
    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await Load();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    /// <summary>Asks the node for what the page shows. Parameters are set; nothing has been drawn.</summary>
    protected abstract Task Load();

    /// <summary>Gives the answer's status to the browser: 404 for what does not exist, 503 while the node is offline.</summary>
    protected NodeReply<T> Settle<T>(NodeReply<T> reply)
        where T : class
    {
        if (Context is { Response: { HasStarted: false } response } && !reply.Ok)
        {
            if (reply.Kind == ReplyKind.NotFound)
            {
                // Set at the last moment: a 404 before that makes the framework draw its own page in place of this one.
                response.OnStarting(() =>
                {
                    response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                });
            }
            else
            {
                response.StatusCode = reply.Kind == ReplyKind.Offline ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway;
            }
        }

        return reply;
    }
}
