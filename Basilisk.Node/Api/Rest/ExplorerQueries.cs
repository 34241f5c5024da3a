using System.Text.Json;
using Basilisk.Contracts;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Model;
using Basilisk.Contracts.Rounds;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Api.Rest;

/// <summary>Answers the explorer's questions from the projections' documents. Lists are read by key, newest first.</summary>
/// <param name="documents">The projections.</param>
/// <param name="facts">The tip and the network.</param>
public sealed class ExplorerQueries(IDocumentReader documents, IChainFacts facts)
{
    public async Task<Page<BlockSummary>> BlocksAsync(string? before, int limit, CancellationToken cancellation)
    {
        var query = new DocumentQuery(BlockDocument.Collection) { Index = BlockDocument.ByHeight, Descending = true, Limit = limit, After = Cursor(before) };
        return await PageAsync<BlockDocument, BlockSummary>(query, Summary, cancellation);
    }

    /// <param name="id">A height, a hash, or "latest".</param>
    public async Task<BlockView?> BlockAsync(string id, CancellationToken cancellation)
    {
        BlockDocument? document = await FindBlockAsync(id, cancellation);
        if (document is null)
        {
            return null;
        }

        BlockFact fact = document.Fact;
        var transactions = new List<TransactionSummary>();
        foreach (string hash in document.Transactions)
        {
            if (await GetAsync<TransactionDocument>(TransactionDocument.Collection, hash, cancellation) is { } transaction)
            {
                transactions.Add(Summary(transaction));
            }
        }

        BlockDocument? next = document.Orphaned ? null : await AtHeightAsync(fact.Height + 1, cancellation);
        return new BlockView(
            Summary(document), fact.ParentHash, fact.Target, fact.Difficulty, fact.Nonce, fact.BaseFee, fact.GasUsed, fact.GasLimit,
            fact.Burned, fact.Tips, fact.TransactionsRoot, fact.StateRoot, fact.ModelRoot, fact.RoundsRoot, fact.SidecarRoot, fact.ExtraData,
            fact.Header, fact.Hash, document.SettledAtRound, transactions, document.Orphaned ? 0 : facts.Height - fact.Height + 1,
            fact.Height == 0 ? null : fact.ParentHash, next?.Fact.Hash) { Orphaned = document.Orphaned };
    }

    /// <summary>Why something is not there: unknown, or from before the snapshot that this node started from.</summary>
    /// <param name="otherwise">The sentence for what is unknown.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<string> MissingAsync(string otherwise, CancellationToken cancellation) =>
        await GetAsync<StartDocument>(StartDocument.CollectionOf("blocks"), StartDocument.Id, cancellation) is { } start
            ? $"{otherwise} Not held: this node started from a snapshot at height {start.Height}; what came before it is with nodes that keep an archive."
            : otherwise;

    public async Task<Page<TransactionSummary>> TransactionsAsync(string? before, int limit, CancellationToken cancellation)
    {
        var query = new DocumentQuery(TransactionDocument.Collection) { Index = TransactionDocument.ByHeight, Descending = true, Limit = limit, After = Cursor(before) };
        return await PageAsync<TransactionDocument, TransactionSummary>(query, Summary, cancellation);
    }

    public async Task<Page<TransactionSummary>> AddressTransactionsAsync(string address, string? before, int limit, CancellationToken cancellation)
    {
        var query = new DocumentQuery(TransactionDocument.Collection)
        {
            Index = TransactionDocument.ByAddress,
            KeyPrefix = address + "/",
            Descending = true,
            Limit = limit,
            After = Cursor(before),
        };
        return await PageAsync<TransactionDocument, TransactionSummary>(query, Summary, cancellation);
    }

    public async Task<TransactionView?> TransactionAsync(string hash, CancellationToken cancellation)
    {
        TransactionDocument? document = await GetAsync<TransactionDocument>(TransactionDocument.Collection, hash, cancellation);
        if (document is null)
        {
            return null;
        }

        TransactionFact fact = document.Fact;
        return new TransactionView(
            Summary(document), fact.Type, fact.GasLimit, fact.GasUsed, fact.MaxFee, fact.MaxPriorityFee, fact.EffectiveGasPrice, fact.Input,
            fact.Raw, document.Orphaned ? 0 : facts.Height - document.Height + 1, fact.Unit, fact.PayloadHash, MemoText.Of(fact.Kind, fact.Input));
    }

    public async Task<AddressView> AddressAsync(string address, CancellationToken cancellation)
    {
        // After a start from a snapshot, an address that nothing happened to since has no document yet.
        AccountDocument document = await GetAsync<AccountDocument>(AccountDocument.Collection, address, cancellation)
            ?? AccountDocument.New(address) with { Fact = facts.Account(address) };
        AccountFact fact = document.Fact;
        return new AddressView(
            address, fact.Balance, fact.Nonce, fact.Credit, fact.Passes, fact.PendingRewards, facts.RewardOf(fact.PendingRewards), fact.Released,
            fact.Expired, facts.OpenUnits(address), document.BlocksMined, document.Transactions, facts.Height);
    }

    public async Task<Page<RewardView>> RewardsAsync(string address, string? before, int limit, CancellationToken cancellation)
    {
        var query = new DocumentQuery(BlockDocument.Collection)
        {
            Index = BlockDocument.ByMiner,
            KeyPrefix = address + "/",
            Descending = true,
            Limit = limit,
            After = Cursor(before),
        };
        return await PageAsync<BlockDocument, RewardView>(
            query,
            document => new RewardView(document.Fact.Height, document.Fact.Hash, document.Reward, document.Fact.RewardExpiryRound, document.SettledAtRound),
            cancellation);
    }

    public async Task<Page<RoundSummary>> RoundsAsync(string? before, int limit, CancellationToken cancellation)
    {
        var query = new DocumentQuery(RoundDocument.Collection) { Descending = true, Limit = limit, After = Cursor(before) };
        return await PageAsync<RoundDocument, RoundSummary>(query, Summary, cancellation);
    }

    public async Task<RoundView?> RoundAsync(int number, CancellationToken cancellation)
    {
        RoundDocument? document = await GetAsync<RoundDocument>(RoundDocument.Collection, SortKey.Number(number), cancellation);
        if (document is null)
        {
            return null;
        }

        var query = new DocumentQuery(ContributionDocument.Collection) { Index = ContributionDocument.ByRound, KeyPrefix = SortKey.Number(number) + "/", Limit = 1000 };
        DocumentPage found = await documents.QueryAsync(query, cancellation);
        ContributionView[] contributions =
            [.. found.Documents.Select(item => Current(Read<ContributionDocument>(item.Json))).OrderByDescending(view => view.CreditNats ?? double.NegativeInfinity)];
        RoundFact? result = document.Result;
        return new RoundView(
            Summary(document), result is null ? facts.PhaseOf(document.LastHeight + 1) : "settled", document.ModelRoot, result?.NextModelRoot,
            result?.EvaluationSeed, result?.PaidBefore, result?.PaidAfter, result?.ConfirmationBefore, result?.ConfirmationAfter,
            result?.HoldoutBefore, result?.HoldoutAfter, contributions);
    }

    public async Task<Page<ContributionView>> ContributionsAsync(int? round, string? miner, string? before, int limit, CancellationToken cancellation)
    {
        string? prefix = round is { } number ? SortKey.Number(number) + "/" : miner is not null ? miner + "/" : null;
        string index = round is null && miner is not null ? ContributionDocument.ByMiner : ContributionDocument.ByRound;
        var query = new DocumentQuery(ContributionDocument.Collection) { Index = index, KeyPrefix = prefix, Descending = true, Limit = limit, After = Cursor(before) };
        return await PageAsync<ContributionDocument, ContributionView>(query, Current, cancellation);
    }

    public async Task<ContributionView?> ContributionAsync(string unit, CancellationToken cancellation) =>
        await GetAsync<ContributionDocument>(ContributionDocument.Collection, unit, cancellation) is { } document ? Current(document) : null;

    /// <summary>Quality by round, oldest first, thinned evenly to at most <paramref name="max"/> points; the newest is always there.</summary>
    public async Task<IReadOnlyList<QualityPoint>> QualityAsync(int max, CancellationToken cancellation) =>
        Thin(await AllAsync<QualityDocument, QualityPoint>(QualityDocument.Collection, document => document.Point, cancellation), max);

    public async Task<IReadOnlyList<PrimerPoint>> PrimerAsync(int max, CancellationToken cancellation) =>
        Thin(await AllAsync<PrimerDocument, PrimerPoint>(PrimerDocument.Collection, document => document.Point, cancellation), max);

    public async Task<IReadOnlyList<LeaderboardEntry>> LeaderboardAsync(int limit, CancellationToken cancellation)
    {
        var query = new DocumentQuery(AccountDocument.Collection) { Index = AccountDocument.ByCredit, Descending = true, Limit = limit };
        DocumentPage found = await documents.QueryAsync(query, cancellation);
        AccountDocument[] accounts = [.. found.Documents.Select(item => Read<AccountDocument>(item.Json))];
        double total = Math.Max(facts.TotalCreditNats, accounts.Sum(account => account.Fact.Credit));
        return [.. accounts.Select((account, index) => Entry(account, index + 1, total))];
    }

    /// <summary>The round's row as it is now.</summary>
    public async Task<RoundSummary?> RoundSummaryAsync(int number, CancellationToken cancellation) =>
        await GetAsync<RoundDocument>(RoundDocument.Collection, SortKey.Number(number), cancellation) is { } document ? Summary(document) : null;

    public async Task<BlockSummary?> BlockSummaryAsync(string id, CancellationToken cancellation) =>
        await FindBlockAsync(id, cancellation) is { } document ? Summary(document) : null;

    public async Task<BlockDocument?> FindBlockAsync(string id, CancellationToken cancellation)
    {
        if (id == "latest")
        {
            // The newest that is projected: the chain may be a block ahead.
            DocumentPage newest = await documents.QueryAsync(new DocumentQuery(BlockDocument.Collection) { Index = BlockDocument.ByHeight, Descending = true, Limit = 1 }, cancellation);
            return newest.Documents.Select(item => Read<BlockDocument>(item.Json)).FirstOrDefault();
        }

        return long.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long height)
            ? await AtHeightAsync(height, cancellation)
            : await GetAsync<BlockDocument>(BlockDocument.Collection, id.ToLowerInvariant(), cancellation);
    }

    public Task<TransactionDocument?> FindTransactionAsync(string hash, CancellationToken cancellation) =>
        GetAsync<TransactionDocument>(TransactionDocument.Collection, hash, cancellation);

    private async Task<BlockDocument?> AtHeightAsync(long height, CancellationToken cancellation)
    {
        var query = new DocumentQuery(BlockDocument.Collection) { Index = BlockDocument.ByHeight, KeyEquals = SortKey.Number(height), Limit = 1 };
        DocumentPage found = await documents.QueryAsync(query, cancellation);
        return found.Documents.Count == 0 ? null : Read<BlockDocument>(found.Documents[0].Json);
    }

    private BlockSummary Summary(BlockDocument document) => new(
        document.Fact.Height, document.Fact.Hash, document.Fact.Miner, document.Fact.Time, document.Transactions.Count, document.PayloadCount,
        document.Fact.Size, document.Fact.Round, document.Fact.Phase, document.Reward);

    private static TransactionSummary Summary(TransactionDocument document) => new(
        document.Fact.Hash,
        Enum.Parse<TransactionKind>(document.Fact.Kind, ignoreCase: true),
        document.Orphaned ? TransactionState.Orphaned : TransactionState.Confirmed,
        document.Fact.From, document.Fact.To, document.Fact.Value, document.Fact.Fee, document.Fact.Nonce,
        document.Orphaned ? null : document.Height, document.Orphaned ? null : document.BlockHash, document.Orphaned ? null : document.Index, document.Time);

    private RoundSummary Summary(RoundDocument document)
    {
        RoundFact? result = document.Result;
        RoundState state = State(result);
        bool moved = result?.Settled == true;
        return new RoundSummary(
            document.Number, state, facts.FirstHeightOf(document.Number), facts.LastHeightOf(document.Number), document.Reveals,
            result?.Contributions.Count(contribution => contribution.Accepted) ?? 0,
            moved ? result!.Gain : 0, moved ? result!.GainError : 0,
            document.Released, moved ? result!.Step : 0, result?.EmptyReason, result is null ? null : document.LastTime);
    }

    private static RoundState State(RoundFact? result) => result switch
    {
        null => RoundState.Open,
        { Settled: false } => RoundState.Empty,
        { EmptyReason: null } => RoundState.Settled,
        _ => RoundState.Unpaid,
    };

    // A unit that nobody used until its life was over stays "open" in its document: nothing happened to it.
    private ContributionView Current(ContributionDocument document) =>
        document.View.State == ContributionState.Open && facts.Round > document.ExpiryRound
            ? document.View with { State = ContributionState.Forfeited, Reason = "unit-expired" }
            : document.View;

    private LeaderboardEntry Entry(AccountDocument account, int rank, double total) => new(
        rank, account.Fact.Address, account.Fact.Credit, total > 0 ? account.Fact.Credit / total : 0, account.Contributions, account.BlocksMined,
        facts.RewardOf(account.Fact.Released), account.Fact.PendingRewards, account.LastRound);

    private async Task<Page<TView>> PageAsync<TDocument, TView>(DocumentQuery query, Func<TDocument, TView> view, CancellationToken cancellation)
    {
        DocumentPage found = await documents.QueryAsync(query, cancellation);
        return new Page<TView>([.. found.Documents.Select(item => view(Read<TDocument>(item.Json)))], found.Next?.ToString());
    }

    private async Task<List<TView>> AllAsync<TDocument, TView>(string collection, Func<TDocument, TView> view, CancellationToken cancellation)
    {
        var all = new List<TView>();
        var query = new DocumentQuery(collection) { Limit = 1000 };
        while (true)
        {
            DocumentPage found = await documents.QueryAsync(query, cancellation);
            all.AddRange(found.Documents.Select(item => view(Read<TDocument>(item.Json))));
            if (found.Next is null)
            {
                return all;
            }

            query = query with { After = found.Next };
        }
    }

    private static IReadOnlyList<T> Thin<T>(List<T> all, int max)
    {
        if (all.Count <= max)
        {
            return all;
        }

        return [.. Enumerable.Range(0, max).Select(i => all[(int)((long)i * (all.Count - 1) / (max - 1))])];
    }

    private static DocumentCursor? Cursor(string? before) =>
        before is null ? null
        : DocumentCursor.TryParse(before, out DocumentCursor cursor) ? cursor
        : throw new BadParameterException("before", "the `next` of an earlier page");

    private async Task<T?> GetAsync<T>(string collection, string id, CancellationToken cancellation)
        where T : class =>
        await documents.GetAsync(collection, id, cancellation) is { } json ? Read<T>(json) : null;

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ChainEvents.Json)
        ?? throw new InvalidOperationException("A projection's document is null.");
}
