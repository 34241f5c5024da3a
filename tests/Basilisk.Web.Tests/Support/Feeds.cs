using Basilisk.Web.Configuration;
using Basilisk.Web.Live;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Basilisk.Web.Tests.Support;

/// <summary>Live feeds for tests, and a way to wait for them without sleeping.</summary>
public static class Feeds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static LiveFeed Create(TimeProvider? time = null, PortalOptions? options = null) =>
        new(time ?? TimeProvider.System, Options.Create(options ?? new PortalOptions()), NullLogger<LiveFeed>.Instance);

    /// <summary>Follows the node at an address with the real worker.</summary>
    public static async Task<LiveFeedWorker> Follow(this LiveFeed feed, Uri node)
    {
        var options = Options.Create(new PortalOptions { NodeUrl = node.ToString(), ReconnectSeconds = 0.1 });
        var worker = new LiveFeedWorker(feed, options, TimeProvider.System, NullLoggerFactory.Instance);
        await worker.StartAsync(CancellationToken.None);
        return worker;
    }

    /// <summary>Completes when the state fulfils the condition; fails after twenty seconds.</summary>
    public static async Task<LiveState> Until(this LiveFeed feed, Func<LiveState, bool> condition)
    {
        var reached = new TaskCompletionSource<LiveState>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = feed.Subscribe(Look);
        await Look();
        return await reached.Task.WaitAsync(Patience);

        Task Look()
        {
            if (feed.State is var state && condition(state))
            {
                reached.TrySetResult(state);
            }

            return Task.CompletedTask;
        }
    }
}
