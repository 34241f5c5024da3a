using System.Globalization;
using System.Net;
using System.Text.Json;
using Basilisk.Contracts;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Errors;
using Basilisk.Contracts.Model;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Contracts.Rounds;
using Basilisk.Web.Hosting;

namespace Basilisk.Web.Nodes;

/// <summary>
/// The node's REST surface, one method per question. Failures come back as values (<see cref="NodeReply{T}"/>);
/// only the caller's own cancellation throws.
/// </summary>
public sealed class NodeClient(HttpClient http, ILogger<NodeClient> logger)
{
    public Task<NodeReply<StatusView>> Status(CancellationToken stop) => Get<StatusView>(Routes.Status, stop);

    public Task<NodeReply<NetworkView>> Network(CancellationToken stop) => Get<NetworkView>(Routes.Network, stop);

    public Task<NodeReply<PeersView>> Peers(CancellationToken stop) => Get<PeersView>(Routes.Peers, stop);

    public Task<NodeReply<Page<BlockSummary>>> Blocks(int limit, string? before, CancellationToken stop) =>
        Get<Page<BlockSummary>>(Paged(Routes.Blocks, limit, before), stop);

    public Task<NodeReply<BlockView>> Block(string id, CancellationToken stop) => Get<BlockView>(Fill(Routes.Block, id), stop);

    public Task<NodeReply<Page<TransactionSummary>>> Transactions(int limit, string? before, CancellationToken stop) =>
        Get<Page<TransactionSummary>>(Paged(Routes.Transactions, limit, before), stop);

    public Task<NodeReply<TransactionView>> Transaction(string hash, CancellationToken stop) =>
        Get<TransactionView>(Fill(Routes.Transaction, hash), stop);

    public Task<NodeReply<AddressView>> Address(string address, CancellationToken stop) =>
        Get<AddressView>(Fill(Routes.Address, address), stop);

    public Task<NodeReply<Page<TransactionSummary>>> AddressTransactions(string address, int limit, string? before, CancellationToken stop) =>
        Get<Page<TransactionSummary>>(Paged(Fill(Routes.AddressTransactions, address), limit, before), stop);

    public Task<NodeReply<Page<RewardView>>> AddressRewards(string address, int limit, string? before, CancellationToken stop) =>
        Get<Page<RewardView>>(Paged(Fill(Routes.AddressRewards, address), limit, before), stop);

    public Task<NodeReply<Page<RoundSummary>>> Rounds(int limit, string? before, CancellationToken stop) =>
        Get<Page<RoundSummary>>(Paged(Routes.Rounds, limit, before), stop);

    public Task<NodeReply<RoundView>> Round(int number, CancellationToken stop) =>
        Get<RoundView>(Fill(Routes.Round, number.ToString(CultureInfo.InvariantCulture)), stop);

    /// <param name="filter">Such as <c>round=7</c> or <c>miner=0x…</c>, already escaped; null for all.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="stop">The page's life.</param>
    public Task<NodeReply<Page<ContributionView>>> Contributions(string? filter, int limit, CancellationToken stop) =>
        Get<Page<ContributionView>>(Paged(Routes.Contributions, limit, null) + (filter is null ? "" : "&" + filter), stop);

    public Task<NodeReply<ContributionView>> Contribution(string unit, CancellationToken stop) =>
        Get<ContributionView>(Fill(Routes.Contribution, unit), stop);

    public Task<NodeReply<QualityPoint[]>> Quality(int most, CancellationToken stop) =>
        Get<QualityPoint[]>($"{Routes.Quality}?max={most.ToString(CultureInfo.InvariantCulture)}", stop);

    public Task<NodeReply<PrimerPoint[]>> Primer(CancellationToken stop) => Get<PrimerPoint[]>(Routes.Primer, stop);

    public Task<NodeReply<LeaderboardEntry[]>> Leaderboard(CancellationToken stop) => Get<LeaderboardEntry[]>(Routes.Leaderboard, stop);

    public Task<NodeReply<SearchHit[]>> Search(string query, CancellationToken stop) =>
        Get<SearchHit[]>($"{Routes.Search}?q={Uri.EscapeDataString(query)}", stop);

    private static string Paged(string path, int limit, string? before) =>
        $"{path}?limit={limit.ToString(CultureInfo.InvariantCulture)}" + (before is null ? "" : $"&before={Uri.EscapeDataString(before)}");

    /// <summary>Puts <paramref name="value"/> where the route has its one placeholder.</summary>
    private static string Fill(string route, string value)
    {
        var open = route.IndexOf('{', StringComparison.Ordinal);
        var close = route.IndexOf('}', StringComparison.Ordinal);
        return string.Concat(route.AsSpan(0, open), Uri.EscapeDataString(value), route.AsSpan(close + 1));
    }

    private async Task<NodeReply<T>> Get<T>(string path, CancellationToken stop)
        where T : class
    {
        try
        {
            using var response = await http.GetAsync(path, stop);
            if (!response.IsSuccessStatusCode)
            {
                return await ReadRefusal<T>(response, path, stop);
            }

            var value = await response.Content.ReadFromJsonAsync<T>(WireJson.Options, stop);
            return value is null ? Unreadable<T>(path, "the body was null") : NodeReply<T>.Answered(value);
        }
        catch (HttpRequestException problem)
        {
            return Offline<T>(path, problem.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Offline<T>(path, $"no answer within {http.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
        catch (JsonException problem)
        {
            return Unreadable<T>(path, problem.Message);
        }
    }

    private static async Task<NodeReply<T>> ReadRefusal<T>(HttpResponseMessage response, string path, CancellationToken stop)
        where T : class
    {
        var kind = response.StatusCode == HttpStatusCode.NotFound ? ReplyKind.NotFound : ReplyKind.Refused;
        ApiError? error = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/json")
        {
            error = await response.Content.ReadFromJsonAsync<ApiError>(WireJson.Options, stop);
        }

        return NodeReply<T>.Failed(kind, error ?? new ApiError(
            kind == ReplyKind.NotFound ? ErrorTokens.NotFound : ErrorTokens.Internal,
            $"The node answered {(int)response.StatusCode} to {path}.",
            ""));
    }

    private NodeReply<T> Offline<T>(string path, string problem)
        where T : class
    {
        logger.NodeUnreachable(path, problem);
        return NodeReply<T>.Failed(ReplyKind.Offline, new ApiError(
            "node-offline", $"The node at {http.BaseAddress} does not answer ({problem}). Start it, or point the portal at another with --node URL.", ""));
    }

    private NodeReply<T> Unreadable<T>(string path, string problem)
        where T : class
    {
        logger.NodeAnswerUnreadable(path, problem);
        return NodeReply<T>.Failed(ReplyKind.Refused, new ApiError(
            "answer-unreadable", $"The node's answer to {path} could not be read: node and portal are probably of different versions.", ""));
    }
}
