using System.Globalization;
using Basilisk.Chain.Primitives;
using Basilisk.Contracts;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Errors;
using Basilisk.Contracts.Rounds;
using Basilisk.Node.Peers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Basilisk.Node.Api.Rest;

/// <summary>The REST surface: reads only; every route is in <see cref="Routes"/>, every shape in Basilisk.Contracts.</summary>
internal static class RestEndpoints
{
    private const int LargestPage = 200;
    private const int DefaultPage = 25;
    private const int MostPoints = 2000;

    public static void MapRest(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup("").WithTags("explorer");
        group.WithMetadata(
            new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ApiError), ["application/json"]),
            new ProducesResponseTypeMetadata(StatusCodes.Status500InternalServerError, typeof(ApiError), ["application/json"]));
        group.MapGet(Routes.Status, (INodeStatusSource status) => status.Now()).WithName("status");
        group.MapGet(Routes.Network, (INodeStatusSource status) => status.Network).WithName("network");
        group.MapGet(Routes.Peers, (PeerViews peers) => peers.Now()).WithName("peers");
        MapChain(group);
        MapRounds(group);
        group.MapGet(Routes.Search, SearchAsync).WithName("search");
    }

    private static void MapChain(RouteGroupBuilder group)
    {
        group.MapGet(Routes.Blocks, (ExplorerQueries explorer, CancellationToken cancellation, string? before = null, int limit = DefaultPage) =>
            explorer.BlocksAsync(before, Limit(limit), cancellation)).WithName("blocks");
        group.MapGet(Routes.Block, async Task<Results<Ok<BlockView>, NotFound<ApiError>>> (string id, ExplorerQueries explorer, HttpContext context) =>
            await FoundAsync(await explorer.BlockAsync(BlockId(id), context.RequestAborted), context, explorer, $"No block {id} is known.")).WithName("block");
        group.MapGet(Routes.Transactions, (ExplorerQueries explorer, CancellationToken cancellation, string? before = null, int limit = DefaultPage) =>
            explorer.TransactionsAsync(before, Limit(limit), cancellation)).WithName("transactions");
        group.MapGet(Routes.Transaction, async Task<Results<Ok<TransactionView>, NotFound<ApiError>>> (string hash, ExplorerQueries explorer, IPendingTransactions pending, HttpContext context) =>
            await FoundAsync(
                await TransactionAsync(Hash(hash, "hash"), explorer, pending, context.RequestAborted),
                context,
                explorer,
                $"No transaction {hash} is known.")).WithName("transaction");
        group.MapGet(Routes.Address, (string address, ExplorerQueries explorer, CancellationToken cancellation) =>
            explorer.AddressAsync(AddressOf(address), cancellation)).WithName("address");
        group.MapGet(Routes.AddressTransactions, (string address, ExplorerQueries explorer, CancellationToken cancellation, string? before = null, int limit = DefaultPage) =>
            explorer.AddressTransactionsAsync(AddressOf(address), before, Limit(limit), cancellation)).WithName("address-transactions");
        group.MapGet(Routes.AddressRewards, (string address, ExplorerQueries explorer, CancellationToken cancellation, string? before = null, int limit = DefaultPage) =>
            explorer.RewardsAsync(AddressOf(address), before, Limit(limit), cancellation)).WithName("address-rewards");
    }

    private static void MapRounds(RouteGroupBuilder group)
    {
        group.MapGet(Routes.Rounds, (ExplorerQueries explorer, CancellationToken cancellation, string? before = null, int limit = DefaultPage) =>
            explorer.RoundsAsync(before, Limit(limit), cancellation)).WithName("rounds");
        group.MapGet(Routes.Round, async Task<Results<Ok<RoundView>, NotFound<ApiError>>> (int number, ExplorerQueries explorer, HttpContext context) =>
            await FoundAsync(await explorer.RoundAsync(number, context.RequestAborted), context, explorer, $"Round {number} has not begun.")).WithName("round");
        group.MapGet(Routes.Contributions, (ExplorerQueries explorer, CancellationToken cancellation, int? round = null, string? miner = null, string? before = null, int limit = DefaultPage) =>
            explorer.ContributionsAsync(round, miner is null ? null : AddressOf(miner), before, Limit(limit), cancellation)).WithName("contributions");
        group.MapGet(Routes.Contribution, async Task<Results<Ok<ContributionView>, NotFound<ApiError>>> (string unit, ExplorerQueries explorer, HttpContext context) =>
            await FoundAsync(await explorer.ContributionAsync(Hash(unit, "unit"), context.RequestAborted), context, explorer, $"No work unit {unit} is known.")).WithName("contribution");
        group.MapGet(Routes.Quality, (ExplorerQueries explorer, CancellationToken cancellation, int max = 500) =>
            explorer.QualityAsync(Math.Clamp(max, 2, MostPoints), cancellation)).WithName("quality");
        group.MapGet(Routes.Primer, (ExplorerQueries explorer, CancellationToken cancellation, int max = 500) =>
            explorer.PrimerAsync(Math.Clamp(max, 2, MostPoints), cancellation)).WithName("primer");
        group.MapGet(Routes.Leaderboard, (ExplorerQueries explorer, CancellationToken cancellation, int limit = 100) =>
            explorer.LeaderboardAsync(Limit(limit), cancellation)).WithName("leaderboard");
    }

    private static async Task<IReadOnlyList<SearchHit>> SearchAsync(string q, ExplorerQueries explorer, IPendingTransactions pending, CancellationToken cancellation)
    {
        string text = q.Trim();
        var hits = new List<SearchHit>();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            if (await explorer.BlockSummaryAsync(text, cancellation) is { } block)
            {
                hits.Add(new SearchHit("block", text, $"Block {block.Height}"));
            }

            if (number <= int.MaxValue && await explorer.RoundSummaryAsync((int)number, cancellation) is { } round)
            {
                hits.Add(new SearchHit("round", text, $"Round {round.Number}"));
            }
        }
        else if (Exact.Hashing.Hash256.TryParse(text, out Exact.Hashing.Hash256 hash))
        {
            string id = hash.ToString();
            if (await explorer.BlockSummaryAsync(id, cancellation) is { } block)
            {
                hits.Add(new SearchHit("block", id, $"Block {block.Height}"));
                hits.Add(new SearchHit("contribution", id, $"Work unit of block {block.Height}"));
            }

            if (await explorer.FindTransactionAsync(id, cancellation) is not null || pending.Find(id) is not null)
            {
                hits.Add(new SearchHit("transaction", id, "Transaction"));
            }
        }
        else if (Address.TryParse(text, out Address address))
        {
            hits.Add(new SearchHit("address", address.ToString(), "Address"));
        }

        return hits;
    }

    /// <summary>In a block, waiting, or orphaned: what a reorganisation took off and waits again is pending.</summary>
    private static async Task<TransactionView?> TransactionAsync(string hash, ExplorerQueries explorer, IPendingTransactions pending, CancellationToken cancellation)
    {
        TransactionView? held = await explorer.TransactionAsync(hash, cancellation);
        return held is null or { Summary.State: TransactionState.Orphaned } ? pending.Find(hash) ?? held : held;
    }

    private static int Limit(int limit) => limit is >= 1 and <= LargestPage
        ? limit
        : throw new BadParameterException("limit", $"between 1 and {LargestPage}");

    private static string BlockId(string id) =>
        id == "latest" || (id.Length <= 18 && id.All(char.IsAsciiDigit)) ? id : Hash(id, "id");

    private static string Hash(string text, string name) => Exact.Hashing.Hash256.TryParse(text, out Exact.Hashing.Hash256 hash)
        ? hash.ToString()
        : throw new BadParameterException(name, "0x and 64 hexadecimal digits");

    private static string AddressOf(string text) => Address.TryParse(text, out Address address)
        ? address.ToString()
        : throw new BadParameterException("address", "0x and 40 hexadecimal digits with a right EIP-55 checksum, or all in one case");

    private static async Task<Results<Ok<T>, NotFound<ApiError>>> FoundAsync<T>(T? value, HttpContext context, ExplorerQueries explorer, string otherwise)
        where T : class =>
        value is not null
            ? TypedResults.Ok(value)
            : TypedResults.NotFound(new ApiError(ErrorTokens.NotFound, await explorer.MissingAsync(otherwise, context.RequestAborted), context.TraceIdentifier));
}
