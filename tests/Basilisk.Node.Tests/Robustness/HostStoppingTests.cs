using Basilisk.Node.Cli.Simulate.Hosts;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Robustness;

/// <summary>Hosts of a rehearsal stop when they are asked, however the rehearsal was started and whatever their peers do.</summary>
[Trait("Speed", "Slow")]
public sealed class HostStoppingTests
{
    private static readonly string[] Still = ["--no-mine", "--no-train"];

    /// <summary>As a shell does with what it puts into its background.</summary>
    private static readonly string[] IgnoringInterrupts = ["sh", "-c", "trap '' INT QUIT; exec \"$@\"", "sh"];

    [Fact]
    public async Task A_host_that_its_shell_made_ignore_Ctrl_C_stops_in_order_when_asked()
    {
        await RequireHostsAsync();
        using var folder = new TemporaryFolder();
        await using var ground = new LoopbackGround();
        await using HostProcess host = await FirstAsync(ground, folder, IgnoringInterrupts);
        await host.StartAsync([], TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(host.IsRunning);
        Assert.Empty(ChildNode.Servers(host.Data));
    }

    [Fact]
    public async Task A_host_stops_in_order_although_its_peer_has_fallen_silent()
    {
        await RequireHostsAsync();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        await using var ground = new LoopbackGround();
        await using HostProcess host = await FirstAsync(ground, folder, []);
        await host.StartAsync([], cancellation);
        await using var peer = new HostProcess(ground, await ground.AddAsync(2, cancellation), folder.Sub("h2"), ["--join", host.Place.PeerAddress, .. Still]);
        await peer.StartAsync([], cancellation);
        await host.UntilAsync(status => status.Peers == 1, TimeSpan.FromMinutes(2), "have a peer", cancellation);

        // A frozen process reads nothing and answers nothing, and its connections stay open: as behind a cut line.
        string frozen = (await File.ReadAllTextAsync(Path.Combine(peer.Data, "node.pid"), cancellation)).Trim();
        await Shell.RunAsync(["kill", "-STOP", frozen], cancellation);
        try
        {
            await host.StopAsync(cancellation);
            Assert.False(host.IsRunning);
            Assert.Empty(ChildNode.Servers(host.Data));
        }
        finally
        {
            await Shell.RunAsync(["kill", "-CONT", frozen], CancellationToken.None);
        }
    }

    private static async Task<HostProcess> FirstAsync(LoopbackGround ground, TemporaryFolder folder, string[] launcher)
    {
        string network = folder.Sub("network");
        HostNetwork.Create(network, 2, TimeProvider.System, TestContext.Current.CancellationToken);
        HostPlace place = await ground.AddAsync(1, TestContext.Current.CancellationToken);
        return new HostProcess(ground, place with { Launcher = launcher }, folder.Sub("h1"), ["--network", network, .. Still]);
    }

    private static async Task RequireHostsAsync()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "This system has no shell to start hosts from.");
        await LocalPostgres.RequireAsync();
    }
}
