using System.Text.Json;
using Basilisk.Node.Observability;
using Basilisk.Node.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Basilisk.Node.Tests.Robustness;

public sealed class LoggingTests
{
    [Fact]
    public void A_full_disk_costs_the_line_and_not_the_one_who_logs()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        var errors = new ErrorCounter();
        using var provider = new JsonFileLoggerProvider("/dev/full", errors, TimeProvider.System);
        ILogger log = provider.CreateLogger("test");
        log.LogError("first");
        log.LogError("second");
        Assert.Equal(2, errors.Count);
        Assert.Equal(2, errors.LinesLost);
    }

    [Fact]
    public void Lines_bear_the_time_of_the_nodes_clock()
    {
        using var folder = new TemporaryFolder();
        using (var provider = new JsonFileLoggerProvider(folder.Sub("node.log"), new ErrorCounter(), new StoppedClock()))
        {
            provider.CreateLogger("test").LogInformation("a line");
        }

        using JsonDocument line = JsonDocument.Parse(File.ReadAllLines(folder.Sub("node.log")).Single());
        Assert.Equal(StoppedClock.Now, line.RootElement.GetProperty("time").GetDateTimeOffset());
    }

    private sealed class StoppedClock : TimeProvider
    {
        public static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
