using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Basilisk.Contracts;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary>Every route of the contract, its description, its errors, health and metrics, on a whole node.</summary>
[Collection(RunningNodeTests.Name)]
public sealed partial class RestTests(RunningNode node)
{
    private static readonly string[] AllRoutes =
        [.. typeof(Routes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public async Task Every_route_of_the_contract_answers()
    {
        await node.UntilAsync(view => view.Totals.Settled >= 1, "a round has settled");
        string address = node.Key.Address.ToString();
        JsonElement transactions = await node.GetAsync(Routes.Transactions);
        string transaction = transactions.GetProperty("items")[0].GetProperty("hash").GetString()!;
        string unit = (await node.GetAsync(Routes.Contributions)).GetProperty("items")[0].GetProperty("unit").GetString()!;
        foreach (string route in AllRoutes.Where(route => route is not (Routes.Hub or Routes.WebSocketRpc or Routes.ChatCompletions or Routes.Completions) && !IsControl(route)))
        {
            string path = route.Replace("{id}", "latest", StringComparison.Ordinal)
                .Replace("{hash}", transaction, StringComparison.Ordinal)
                .Replace("{address}", address, StringComparison.Ordinal)
                .Replace("{number}", "0", StringComparison.Ordinal)
                .Replace("{unit}", unit, StringComparison.Ordinal);
            using HttpResponseMessage response = await node.Http.GetAsync(path == Routes.Search ? path + "?q=1" : path, TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}");
            Assert.NotEmpty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    // Not for reading; ControlTests and PeerControlTests try them.
    private static bool IsControl(string route) => route.StartsWith(Routes.Control, StringComparison.Ordinal);

    [Theory]
    [InlineData("/api/nothing", 404, "not-found")]
    [InlineData("/api/blocks/99999999", 404, "not-found")]
    [InlineData("/api/blocks/0x12", 400, "bad-parameter")]
    [InlineData("/api/blocks?limit=0", 400, "bad-parameter")]
    [InlineData("/api/blocks?limit=many", 400, "bad-parameter")]
    [InlineData("/api/blocks?before=nonsense", 400, "bad-parameter")]
    [InlineData("/api/rounds/-1", 404, "not-found")]
    [InlineData("/api/rounds/first", 400, "bad-parameter")]
    [InlineData("/api/addresses/0x00", 400, "bad-parameter")]
    [InlineData("/api/transactions/0x00", 400, "bad-parameter")]
    [InlineData("/api/search", 400, "bad-parameter")]
    [InlineData("/ws", 400, "bad-parameter")]
    public async Task Every_error_has_a_token_and_an_id(string path, int status, string token)
    {
        using HttpResponseMessage response = await node.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        JsonElement error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(token, error.GetProperty("token").GetString());
        Assert.Equal(response.Headers.GetValues("x-request-id").Single(), error.GetProperty("requestId").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task A_method_a_route_does_not_take_is_said()
    {
        using HttpResponseMessage response = await node.Http.DeleteAsync(Routes.Blocks, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("method-not-allowed", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_has_every_route_with_types_and_errors()
    {
        JsonElement description = await node.GetAsync(Routes.OpenApi);
        JsonElement paths = description.GetProperty("paths");
        foreach (string route in AllRoutes.Where(route => route.StartsWith("/api/", StringComparison.Ordinal) && !IsControl(route)))
        {
            JsonElement responses = paths.GetProperty(route).GetProperty("get").GetProperty("responses");
            Assert.True(responses.GetProperty("200").GetProperty("content").GetProperty("application/json").TryGetProperty("schema", out _), route);
            JsonElement refused = responses.GetProperty("400").GetProperty("content").GetProperty("application/json").GetProperty("schema");
            Assert.EndsWith("/ApiError", refused.GetProperty("$ref").GetString(), StringComparison.Ordinal);
        }

        Assert.All(AllRoutes.Where(route => IsControl(route) && route != Routes.Control), route => Assert.True(paths.GetProperty(route).TryGetProperty("post", out _), route));
        string[] states = [.. description.GetProperty("components").GetProperty("schemas").GetProperty("RewardState").GetProperty("enum").EnumerateArray().Select(value => value.GetString()!)];
        Assert.Equal(["pending", "released", "expired"], states);
    }

    [Fact]
    public async Task Health_says_alive_and_ready()
    {
        Assert.Equal("live", (await node.GetAsync(Routes.HealthLive)).GetProperty("status").GetString());
        JsonElement ready = await node.GetAsync(Routes.HealthReady);
        Assert.Equal("ready", ready.GetProperty("status").GetString());
        Assert.Equal(0, ready.GetProperty("reasons").GetArrayLength());
    }

    [Fact]
    public async Task Metrics_are_well_formed_and_tell_what_the_node_does()
    {
        await node.UntilAsync(view => view.Totals.Settled >= 1, "a round has settled");
        await node.RpcAsync("eth_chainId");
        await node.RpcErrorAsync("made_up_method");
        string text = await node.Http.GetStringAsync(Routes.Metrics, TestContext.Current.CancellationToken);
        var names = new HashSet<string>();
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            Assert.Matches(MetricLine(), line);
            names.Add(line.StartsWith('#') ? line.Split(' ')[2] : line.Split('{', ' ')[0]);
        }

        string[] wanted =
        [
            "ethereum_blockchain_height", "ethereum_best_known_block_number", "ethereum_peer_count", "ethereum_peer_limit", "basilisk_round",
            "basilisk_mining_hashes_per_second", "basilisk_mining_duty_ratio", "basilisk_mining_blocks_total", "basilisk_mempool_transactions",
            "basilisk_mempool_bytes", "basilisk_training_tokens_total", "basilisk_training_tokens_per_second", "basilisk_training_busy_ratio",
            "basilisk_training_loss_nats", "basilisk_round_gain_nats", "basilisk_holdout_loss_nats", "basilisk_chain_rewards", "basilisk_reorganisations_total",
            "basilisk_log_errors_total", "basilisk_projection_lag_events", "basilisk_rpc_duration_seconds", "basilisk_process_resident_memory_bytes",
            "basilisk_process_cpu_seconds_total", "basilisk_build_info",
        ];
        Assert.All(wanted, name => Assert.Contains(name, names));
        Assert.Contains("basilisk_rpc_errors_total{method=\"unknown\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("made_up_method", text, StringComparison.Ordinal);
        Assert.True(Value(text, "basilisk_training_tokens_total") > 0);
        Assert.True(Value(text, "basilisk_chain_rewards{state=\"released\"}") > 0);
    }

    private static double Value(string text, string series) => double.Parse(
        text.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..],
        System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? (-?[0-9.E+-]+|NaN|[+-]Inf))$""")]
    private static partial Regex MetricLine();
}
