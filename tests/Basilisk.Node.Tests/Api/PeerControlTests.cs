using System.Text.Json;
using Basilisk.Node.Tests.Cli;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary><c>basilisk peers</c> against a running node.</summary>
[Collection(RunningNodeTests.Name)]
public sealed class PeerControlTests(RunningNode node)
{
    [Fact]
    public async Task Peers_are_added_listed_banned_and_pardoned()
    {
        await using TestPeers other = await TestPeers.StartAsync(network: node.Chain.Parameters.Hash);
        string id = other.Identity.Id.ToString();

        Assert.True((await RunAsync("add", other.Address.ToString())).GetProperty("changed").GetBoolean());
        await other.OneAsync();
        Assert.False((await RunAsync("add", other.Address.ToString())).GetProperty("changed").GetBoolean());
        JsonElement peer = Assert.Single((await RunAsync("list")).GetProperty("peers").EnumerateArray(), each => each.GetProperty("id").GetString() == id);
        Assert.False(peer.GetProperty("inbound").GetBoolean());
        Assert.Equal(other.Address.ToString(), peer.GetProperty("address").GetString());

        await RunAsync("ban", id[..14], "--hours", "2");
        Assert.Equal("banned", (await other.EndAsync()).Token);
        JsonElement ban = Assert.Single((await RunAsync("list")).GetProperty("bans").EnumerateArray(), each => each.GetProperty("peer").GetString() == id);
        Assert.Equal("operator", ban.GetProperty("reason").GetString());

        await RunAsync("unban", id);
        Assert.Empty((await RunAsync("list")).GetProperty("bans").EnumerateArray());
        (await ProgramAsync("unban", id)).AssertRefused(1, "node-refused", "not banned");
        (await ProgramAsync("add", "no:such:port")).AssertRefused(1, "node-refused", "HOST:PORT");
    }

    private async Task<JsonElement> RunAsync(params string[] words)
    {
        ProgramResult result = await ProgramAsync(words);
        Assert.True(result.ExitCode == 0, result.Errors);
        using JsonDocument line = JsonDocument.Parse(result.Output);
        return line.RootElement.Clone();
    }

    private Task<ProgramResult> ProgramAsync(params string[] words) =>
        BasiliskProgram.RunAsync(["peers", .. words, "--data", node.Folder, "--node", node.Url, "--json"]);
}
