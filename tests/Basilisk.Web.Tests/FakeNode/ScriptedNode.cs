using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Basilisk.Contracts;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Errors;
using Basilisk.Contracts.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Basilisk.Testing.FakeNode;

/// <summary>
/// A node that says what a test tells it to, over real HTTP and SignalR sockets. It serves the contract's routes and no more.
/// </summary>
public sealed class ScriptedNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private long _sequence = 100;

    private ScriptedNode(WebApplication app, ScriptedChain chain)
    {
        _app = app;
        Chain = chain;
    }

    public ScriptedChain Chain { get; private set; }

    public ScriptedChat Chat { get; } = new();

    /// <summary>Address to give to a portal.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>How often a client took a snapshot.</summary>
    public int Subscriptions { get; private set; }

    /// <summary>When set, every REST answer is this refusal.</summary>
    public ApiError? Refusal { get; set; }

    /// <summary>When set, REST lists are empty, as on a node that has just begun.</summary>
    public bool Empty { get; set; }

    /// <param name="chain">What it serves.</param>
    /// <param name="port">0 takes a free one; a test that restarts a node names its port.</param>
    public static async Task<ScriptedNode> Start(ScriptedChain? chain = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        builder.Services.AddSignalR().AddJsonProtocol(options => options.PayloadSerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        builder.Services.AddSingleton<ScriptedNodeHolder>();
        var app = builder.Build();
        var node = new ScriptedNode(app, chain ?? new ScriptedChain());
        app.Services.GetRequiredService<ScriptedNodeHolder>().Node = node;
        node.Map();
        await app.StartAsync();
        return node;
    }

    /// <summary>Mines one block and tells everybody.</summary>
    public Task Mine() => Send(sequence => new LiveDelta(sequence, Chain.Status(), Chain.Mine()) with { Status = Chain.Status() });

    /// <summary>Sends the next numbered delta.</summary>
    public Task Send(Func<long, LiveDelta> make)
    {
        long next;
        lock (_gate)
        {
            next = ++_sequence;
        }

        return _app.Services.GetRequiredService<IHubContext<ScriptedHub>>().Clients.All.SendAsync(LiveMethods.Delta, make(next));
    }

    /// <summary>Loses one message: the number is used up and nothing is sent.</summary>
    public void LoseOne()
    {
        lock (_gate)
        {
            _sequence++;
        }
    }

    public LiveSnapshot Snapshot()
    {
        lock (_gate)
        {
            Subscriptions++;
            return new LiveSnapshot(
                _sequence, Chain.Status(), Empty ? [] : [.. Chain.Blocks.Reverse().Take(20)], Empty ? [] : [.. Chain.Rounds().Take(10)], Empty ? [] : Chain.Quality());
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private void Map()
    {
        _app.Use(async (context, next) =>
        {
            if (Refusal is { } refusal && context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await context.Response.WriteAsJsonAsync(refusal);
                return;
            }

            await next();
        });
        _app.MapHub<ScriptedHub>(Routes.Hub);
        _app.MapGet(Routes.Status, () => Chain.Status());
        _app.MapGet(Routes.Peers, ScriptedChain.Peers);
        _app.MapGet(Routes.Network, () => ScriptedChain.Network());
        _app.MapGet(Routes.Blocks, (int? limit, string? before) => PageOf(Chain.Blocks.Reverse(), limit, before, block => block.Height.ToString(CultureInfo.InvariantCulture)));
        _app.MapGet(Routes.Block, (string id) => Found(Chain.Block(id)));
        _app.MapGet(Routes.Transactions, (int? limit, string? before) => PageOf(Chain.Transactions(), limit, before, transaction => transaction.Hash));
        _app.MapGet(Routes.Transaction, (string hash) => Found(Chain.Transaction(hash)));
        _app.MapGet(Routes.Address, (string address) => Found(Chain.Address(address)));
        _app.MapGet(Routes.AddressTransactions, (string address, int? limit, string? before) =>
            PageOf(Chain.Transactions().Where(transaction => transaction.From == address), limit, before, transaction => transaction.Hash));
        _app.MapGet(Routes.AddressRewards, (string address, int? limit, string? before) =>
            PageOf(Chain.Rewards(address), limit, before, reward => reward.Height.ToString(CultureInfo.InvariantCulture)));
        _app.MapGet(Routes.Rounds, (int? limit, string? before) => PageOf(Chain.Rounds(), limit, before, round => round.Number.ToString(CultureInfo.InvariantCulture)));
        _app.MapGet(Routes.Round, (int number) => Found(Chain.Round(number)));
        _app.MapGet(Routes.Contribution, (string unit) => Found(Chain.Contribution(unit)));
        _app.MapGet(Routes.Contributions, (int? round, string? miner, int? limit) => PageOf(
            Enumerable.Range(0, Chain.CurrentRound + 1).Reverse().SelectMany(Chain.Contributions)
                .Where(contribution => (round is null || contribution.Round == round) && (miner is null || contribution.Miner == miner)),
            limit, null, contribution => contribution.Unit));
        _app.MapGet(Routes.Quality, () => Empty ? [] : Chain.Quality());
        _app.MapGet(Routes.Primer, () => Empty ? [] : Chain.Primer());
        _app.MapGet(Routes.Leaderboard, () => Empty ? [] : Chain.Leaderboard());
        _app.MapGet(Routes.Search, (string q) => Search(q));
        _app.MapGet(Routes.OpenApi, () => new { openapi = "3.1.1" });
        Chat.Map(_app, Chain);
    }

    private IEnumerable<SearchHit> Search(string hash)
    {
        if (Chain.Block(hash) is { Summary: var block })
        {
            yield return new SearchHit("block", block.Hash, $"Block {block.Height.ToString(CultureInfo.InvariantCulture)}");
            yield return new SearchHit("contribution", block.Hash, $"Work unit of block {block.Height.ToString(CultureInfo.InvariantCulture)}");
        }

        if (Chain.Transaction(hash) is not null)
        {
            yield return new SearchHit("transaction", hash, "Transaction");
        }
    }

    private static IResult Found(object? value) => value is null
        ? Results.NotFound(new ApiError(ErrorTokens.NotFound, "Nothing has that name on the best chain.", "r-1"))
        : Results.Ok(value);

    private Page<T> PageOf<T>(IEnumerable<T> newestFirst, int? limit, string? before, Func<T, string> keyOf)
    {
        var all = Empty ? [] : newestFirst;
        var rest = before is null ? all : all.SkipWhile(item => keyOf(item) != before).Skip(1);
        var items = rest.Take(limit ?? 25).ToList();
        return new Page<T>(items, items.Count == (limit ?? 25) && rest.Skip(items.Count).Any() ? keyOf(items[^1]) : null);
    }
}

/// <summary>Lets the hub find its node.</summary>
public sealed class ScriptedNodeHolder
{
    public ScriptedNode Node { get; set; } = null!;
}

/// <summary>The contract's live hub.</summary>
public sealed class ScriptedHub(ScriptedNodeHolder holder) : Hub
{
    public LiveSnapshot Subscribe() => holder.Node.Snapshot();
}
