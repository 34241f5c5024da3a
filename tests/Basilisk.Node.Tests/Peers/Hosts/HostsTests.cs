using System.Text.Json;
using Basilisk.Node.Tests.Cli;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Hosts;

/// <summary>The rehearsal of docs/operations.md in its quick form: three real nodes with a database each, on ports of this machine. (Five take ten minutes of two cores.)</summary>
public sealed class HostsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task Three_hosts_agree_after_joining_after_a_partition_and_after_kills()
    {
        await LocalPostgres.RequireAsync();
        ProgramResult run = await BasiliskProgram.RunAsync(
            ["simulate", "hosts", "--loopback", "--hosts", "3", "--schedule", "partition-across-a-round-end", "kill-and-restart", "--block-interval", "1", "--json"], [], "", Patience);
        Assert.True(run.ExitCode == 0, $"{run.Output}\n{run.Errors}");
        Assert.Equal(["join", "partition-across-a-round-end", "kill-and-restart"], run.Lines.Select(line => line.GetProperty("schedule").GetString()));
        Assert.All(run.Lines, line =>
        {
            Assert.Equal(3, line.GetProperty("nodes").GetInt32());
            Assert.True(Agreed(line), line.ToString());
        });
        Assert.True(run.Lines[^1].GetProperty("height").GetInt64() > run.Lines[0].GetProperty("height").GetInt64());
    }

    [Fact]
    public async Task An_unknown_schedule_is_refused_with_those_there_are()
    {
        ProgramResult run = await BasiliskProgram.RunAsync("simulate", "hosts", "--schedule", "earthquake", "--json");
        run.AssertRefused(2, "usage", "partition-across-a-round-end");
        (await BasiliskProgram.RunAsync("simulate", "hosts", "--hosts", "2", "--json")).AssertRefused(2, "setting-out-of-range", "between 3 and 12");
    }

    private static bool Agreed(JsonElement line) =>
        new[] { "same_tip", "same_state", "same_model", "verify_clean" }.All(name => line.GetProperty(name).GetBoolean());
}
