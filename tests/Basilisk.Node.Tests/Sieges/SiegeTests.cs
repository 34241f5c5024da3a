using System.Text.Json;
using Basilisk.Node.Tests.Cli;
using Xunit;

namespace Basilisk.Node.Tests.Sieges;

/// <summary>The node under siege, as the command line lays it: tokens and bans, no times.</summary>
public sealed class SiegeTests
{
    [Fact]
    public async Task Every_attack_is_met_with_its_token_while_the_node_mines_and_keeps_its_honest_peer()
    {
        (string Attack, string List, string Token)[] expected =
        [
            ("no-tls", "refused", "tls-failed"),
            ("oversize-frame", "banned", "frame-too-large"),
            ("invalid-header", "banned", "work-insufficient"),
            ("invalid-block", "banned", "state-root-mismatch"),
            ("announcement-flood", "banned", "flood"),
            ("request-flood", "banned", "flood"),
        ];
        ProgramResult result = await BasiliskProgram.RunAsync(
            ["simulate", "siege", "--in-memory", "--json", "--seconds", "1", "--attackers", "3", .. expected.SelectMany(each => new[] { "--attack", each.Attack })]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Assert.Equal(["none", .. expected.Select(each => each.Attack)], result.Lines.Select(line => line.GetProperty("attack").GetString()));
        foreach (JsonElement line in result.Lines)
        {
            Assert.True(line.GetProperty("withstood").GetBoolean(), line.ToString());
            Assert.True(line.GetProperty("honest_stayed").GetBoolean());
            Assert.True(line.GetProperty("blocks").GetInt64() > 0);
            Assert.Equal(0, line.GetProperty("rpc_failures").GetInt32());
            Assert.True(line.GetProperty("rpc_p50_ms").GetDouble() <= line.GetProperty("rpc_p99_ms").GetDouble());
            Assert.True(line.GetProperty("peak_mb").GetDouble() > 0);
        }

        foreach ((string attack, string list, string token) in expected)
        {
            JsonElement line = result.Lines.Single(each => each.GetProperty("attack").GetString() == attack);
            Assert.True(line.GetProperty(list).TryGetProperty(token, out JsonElement count) && count.GetInt64() > 0, line.ToString());
        }
    }
}
