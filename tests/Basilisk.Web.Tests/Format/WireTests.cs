using System.Text.Json;
using Basilisk.Contracts;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Errors;
using Basilisk.Contracts.Live;
using Basilisk.Contracts.Rounds;
using Basilisk.Testing.FakeNode;
using Basilisk.Web.Charts;
using Basilisk.Web.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Basilisk.Web.Tests.Format;

public sealed class WireTests
{
    private readonly ScriptedChain _chain = new(60);

    [Fact]
    public void Every_view_survives_the_wire()
    {
        Same(_chain.Status());
        Same(ScriptedChain.Network());
        Same(_chain.Block("48")!);
        Same(_chain.Transaction(ScriptedChain.TransactionHash(48))!);
        Same(_chain.Address(ScriptedChain.Miners[0]));
        Same(_chain.Rewards(ScriptedChain.Miners[0]).ToArray());
        Same(_chain.Round(0)!);
        Same(_chain.Contributions(1).ToArray());
        Same(_chain.Quality().ToArray());
        Same(_chain.Primer().ToArray());
        Same(_chain.Leaderboard().ToArray());
        Same(new SearchHit("block", "0x01", "Block 1"));
        Same(new Page<BlockSummary>([.. _chain.Blocks.Take(3)], "2"));
        Same(new ApiError("not-found", "No.", "r"));
        Same(new LiveDelta(7, _chain.Status(), _chain.Tip, "0x02", _chain.RoundSummary(1), _chain.QualityAt(0)));
    }

    [Fact]
    public void Enums_travel_as_camel_case_words()
    {
        Assert.Equal("\"released\"", JsonSerializer.Serialize(RewardState.Released, WireJson.Options));
        Assert.Equal("\"settled\"", JsonSerializer.Serialize(RoundState.Settled, WireJson.Options));
        Assert.Contains("\"tipHash\":", JsonSerializer.Serialize(_chain.Status(), WireJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_failure_of_the_node_is_a_value_of_its_own_kind()
    {
        var node = await ScriptedNode.Start();
        using var http = new HttpClient { BaseAddress = node.Url };
        var client = new NodeClient(http, NullLogger<NodeClient>.Instance);

        var missing = await client.Block("0xfeed", CancellationToken.None);
        Assert.Equal((ReplyKind.NotFound, "not-found"), (missing.Kind, missing.Error?.Token));

        node.Refusal = new ApiError(ErrorTokens.NotReady, "The node is replaying its events.", "r-7");
        var refused = await client.Status(CancellationToken.None);
        Assert.Equal((ReplyKind.Refused, "not-ready", "r-7"), (refused.Kind, refused.Error?.Token, refused.Error?.RequestId));

        await node.DisposeAsync();
        var offline = await client.Status(CancellationToken.None);
        Assert.Equal((ReplyKind.Offline, "node-offline"), (offline.Kind, offline.Error?.Token));
    }

    [Fact]
    public async Task Lists_are_read_page_by_page_to_their_end()
    {
        await using var node = await ScriptedNode.Start();
        using var http = new HttpClient { BaseAddress = node.Url };
        var client = new NodeClient(http, NullLogger<NodeClient>.Instance);
        var heights = new List<long>();
        string? before = null;
        do
        {
            var page = await client.Blocks(25, before, CancellationToken.None);
            Assert.True(page.Ok);
            heights.AddRange(page.Value.Items.Select(block => block.Height));
            before = page.Value.Next;
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(0, 101).Reverse().Select(height => (long)height), heights);
    }

    [Fact]
    public void Csv_has_one_header_and_dots_whatever_the_language()
    {
        var lines = QualityCsv.Of(_chain.Quality()).Split("\r\n");
        Assert.Equal("round,height,time,holdout_loss_nats,holdout_bits_per_byte,training_loss_nats,gain_nats,model_root", lines[0]);
        Assert.StartsWith("-1,0,", lines[1], StringComparison.Ordinal);
        Assert.All(lines[1..^1], line => Assert.Equal(8, line.Split(',').Length));
    }

    /// <summary>Records compare lists by reference, so the texts are compared: out, in, and out again.</summary>
    private static void Same<T>(T value)
    {
        var sent = JsonSerializer.Serialize(value, WireJson.Options);
        var back = JsonSerializer.Deserialize<T>(sent, WireJson.Options);
        Assert.Equal(sent, JsonSerializer.Serialize(back, WireJson.Options));
    }
}
