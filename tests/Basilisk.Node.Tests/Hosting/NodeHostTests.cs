using Basilisk.Node.Hosting;
using Basilisk.Node.Options;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Hosting;

public sealed class NodeHostTests
{
    [Fact]
    public async Task A_start_that_fails_says_why_although_what_was_never_started_is_stopped()
    {
        using var folder = new TemporaryFolder();
        var clock = new TimerlessClock();
        var options = new NodeOptions
        {
            Network = "test",
            DataDirectory = folder.Sub("data"),
            Storage = { InMemory = true },
            Http = { Listen = "127.0.0.1:0" },
            Mining = { Enabled = false },
            Training = { Enabled = false },
        };
        var said = new List<string>();
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => NodeHost.StartAsync(options, fresh: false, said.Add, clock, CancellationToken.None));
        Assert.Equal(TimerlessClock.Failure, error.Message);
        Assert.DoesNotContain(said, line => line.StartsWith("stopping failed", StringComparison.Ordinal));
    }

    /// <summary>Some part of the node cannot be made with it.</summary>
    private sealed class TimerlessClock : TimeProvider
    {
        public const string Failure = "This clock has no timers.";

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new InvalidOperationException(Failure);
    }
}
