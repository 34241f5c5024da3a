using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation;
using Basilisk.Node.Snapshots;

namespace Basilisk.Node.Chainstate;

/// <summary>Writes down, in plain values, what the rules found of a block: the events that projections read.</summary>
/// <param name="parameters">The network.</param>
/// <param name="holdoutBytesPerToken">Bytes of text per token of the holdout: turns nats per token into bits per byte.</param>
public sealed class ChainFacts(NetworkParameters parameters, double holdoutBytesPerToken)
{
    private const double NatsPerBit = 0.693147180559945309;

    private long PaidTokens => (long)parameters.Judging.PaidWindows * parameters.Model.Shape.Context;

    private long ConfirmationTokens => (long)parameters.Judging.ConfirmationWindows * parameters.Model.Shape.Context;

    private long HoldoutTokens => (long)parameters.Judging.HoldoutWindows * parameters.Model.Shape.Context;

    public double NatsOnConfirmation(Int128 total) => ChainTotals.PerToken(total, ConfirmationTokens);

    public double NatsOnHoldout(long total) => ChainTotals.PerToken(total, HoldoutTokens);

    public BlockConnected Connected(ConnectedBlock connected)
    {
        ArgumentNullException.ThrowIfNull(connected);
        Block block = connected.Block;
        return new BlockConnected(
            Convert.ToBase64String(BlockCodec.Encode(new Block(block.Header, block.Transactions, []))),
            [.. block.PayloadHashes.Select(hash => hash.ToString())],
            connected.RoundEnd is { } end ? Convert.ToBase64String(RoundOutcomeCodec.Encode(end.Outcome)) : null,
            Block(connected),
            Transactions(connected),
            [.. Touched(connected).Select(address => Account(address, connected.State))],
            Rewards(connected.RoundEnd?.Released),
            Rewards(connected.RoundEnd?.Expired),
            [.. connected.RoundEnd?.Forfeited.Select(unit => unit.Id.ToString()) ?? []],
            connected.RoundEnd is { } round ? Round(round) : null,
            connected.WithoutPlace is { IsEmpty: false } without ? [.. without.Select(unit => unit.Id.ToString())] : null);
    }

    public BlockDisconnected Disconnected(ConnectedBlock connected)
    {
        ArgumentNullException.ThrowIfNull(connected);
        return new BlockDisconnected((long)connected.Block.Height, connected.Block.Hash.ToString(), Block(connected), Transactions(connected));
    }

    public BlockFact Genesis(ChainState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Block(state.Head.Header, UInt256.Zero, 0, UInt256.Zero, UInt256.Zero, BlockHeader.Size, state.Head.TotalWork);
    }

    /// <summary>What a state that the chain goes on from says to those who query it.</summary>
    /// <param name="view">The state.</param>
    /// <param name="blobs">Keys of the blobs that hold it.</param>
    public SnapshotInstalled Snapshot(ChainView view, SnapshotBlobs blobs)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(blobs);
        ChainState state = view.State;
        StateSummary summary = StateSummary.Of(state.Entries);
        return new SnapshotInstalled(
            view.Height,
            view.Hash.ToString(),
            blobs.View.ToString(),
            [.. blobs.Headers.Select(hash => hash.ToString())],
            [.. blobs.Checkpoints.Select(root => root.ToString())],
            [.. view.Trail.PastPayloads.Select(hash => hash.ToString())],
            Block(state.Head.Header, UInt256.Zero, 0, UInt256.Zero, UInt256.Zero, BlockHeader.Size, state.Head.TotalWork),
            [.. summary.Units.Select(unit => unit.Miner).Distinct().Select(miner => Account(miner, state))],
            [.. summary.Units.Select(Unit)]);
    }

    private UnitFact Unit(WorkUnit unit) => new(
        unit.Id.ToString(),
        (long)unit.Height,
        unit.Miner.ToString(),
        unit.Status switch { UnitStatus.Open => "open", UnitStatus.Committed => "committed", UnitStatus.Revealed => "revealed", _ => "forfeited" },
        (int)(unit.Status == UnitStatus.Open ? parameters.Rounds.RoundOf(unit.Height) : unit.Round),
        (int)parameters.Rounds.ExpiryRoundOf(unit.Height),
        unit.PayloadHash.IsZero ? null : unit.PayloadHash.ToString(),
        unit.PayloadHash.IsZero ? null : unit.PayloadBytes);

    private BlockFact Block(ConnectedBlock connected) => Block(
        connected.Block.Header,
        connected.BaseFee,
        connected.GasUsed,
        Sum(connected.Receipts.Select(receipt => receipt.Burned)),
        Sum(connected.Receipts.Select(receipt => receipt.Tip)),
        BlockCodec.SizeOf(connected.Block),
        connected.State.Head.TotalWork);

    private BlockFact Block(BlockHeader header, UInt256 baseFee, ulong gasUsed, UInt256 burned, UInt256 tips, long size, UInt256 totalWork)
    {
        RoundSchedule rounds = parameters.Rounds;
        return new BlockFact(
            (long)header.Height,
            header.Hash.ToString(),
            header.ParentHash.ToString(),
            header.Miner.ToString(),
            (long)header.Time,
            header.Target.ToString()!,
            Work.Of(header.Target).ToString(),
            "0x" + header.Nonce.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            baseFee.ToString(),
            (long)gasUsed,
            (long)parameters.Fees.GasLimit,
            burned.ToString(),
            tips.ToString(),
            header.TransactionsRoot.ToString(),
            header.StateRoot.ToString(),
            header.ModelRoot.ToString(),
            header.RoundsRoot.ToString(),
            header.SidecarRoot.ToString(),
            Hex(header.ExtraData.Bytes),
            Hex(header.Encode()),
            size,
            (int)rounds.RoundOf(header.Height),
            PhaseName(rounds.PhaseOf(header.Height)),
            (int)rounds.ExpiryRoundOf(header.Height),
            totalWork.ToString());
    }

    public static string PhaseName(RoundPhase phase) => phase switch
    {
        RoundPhase.Train => "train",
        RoundPhase.Reveal => "reveal",
        _ => "judge",
    };

    /// <summary>What a transaction says, without what it did.</summary>
    public static TransactionFact Pending(Transaction transaction) => Transaction(
        transaction,
        transaction.IntrinsicGas,
        transaction.MaxFeePerGas,
        transaction.MaxFeePerGas * transaction.GasLimit,
        null);

    public AccountFact Account(Address address, ChainState state)
    {
        Account account = state.Account(address);
        return new AccountFact(
            address.ToString(),
            account.Balance.ToString(),
            (long)account.Nonce,
            NatsOnConfirmation((Int128)(UInt128)(System.Numerics.BigInteger)account.Credit),
            Passes(account.Passes),
            (int)account.PendingRewards,
            (long)account.Released,
            (long)account.Expired);
    }

    private static List<TransactionFact> Transactions(ConnectedBlock connected)
    {
        var facts = new List<TransactionFact>();
        foreach (Receipt receipt in connected.Receipts)
        {
            facts.Add(Transaction(receipt.Transaction, receipt.GasUsed, receipt.PricePerGas, receipt.Burned + receipt.Tip, receipt.Unit));
        }

        return facts;
    }

    private static TransactionFact Transaction(Transaction transaction, ulong gasUsed, UInt256 price, UInt256 fee, WorkUnit? unit)
    {
        ProtocolCall? call = ProtocolCall.Read(transaction).TryGet(out ProtocolCall? read, out _) ? read : null;
        return new TransactionFact(
            transaction.Hash.ToString(),
            call switch { CommitCall => "commit", RevealCall => "reveal", _ => "transfer" },
            transaction.Sender.ToString(),
            transaction.To.ToString(),
            transaction.Value.ToString(),
            fee.ToString(),
            (long)transaction.Nonce,
            (int)transaction.Type,
            (long)transaction.GasLimit,
            (long)gasUsed,
            transaction.MaxFeePerGas.ToString(),
            transaction.MaxPriorityFeePerGas.ToString(),
            price.ToString(),
            Hex(transaction.Data.Span),
            Hex(transaction.Encoded),
            call switch { CommitCall commit => commit.Unit.ToString(), RevealCall reveal => reveal.Unit.ToString(), _ => null },
            (call as RevealCall)?.PayloadHash.ToString(),
            call is RevealCall && unit is not null ? unit.PayloadBytes : null);
    }

    private RoundFact Round(RoundEnd end)
    {
        RoundOutcome outcome = end.Outcome;
        RoundLosses losses = outcome.Losses;
        Dictionary<Address, CreditEarned> earned = end.Credits.ToDictionary(credit => credit.Miner);
        return new RoundFact(
            (int)outcome.Round,
            outcome.Settled,
            outcome.Pays ? null : outcome.Reason,
            outcome.EvaluationSeed.ToString(),
            outcome.ModelRoot.ToString(),
            outcome.NextModelRoot.ToString(),
            outcome.StepHalves / 2.0,
            NatsOnConfirmation(outcome.Gain),
            NatsOnConfirmation(outcome.GainError),
            ChainTotals.PerToken(losses.PaidBefore, PaidTokens),
            ChainTotals.PerToken(losses.PaidAfter, PaidTokens),
            NatsOnConfirmation(losses.ConfirmationBefore),
            NatsOnConfirmation(losses.ConfirmationAfter),
            NatsOnHoldout(losses.HoldoutBefore),
            NatsOnHoldout(losses.HoldoutAfter),
            BitsPerByte(losses.HoldoutBefore),
            BitsPerByte(losses.HoldoutAfter),
            [.. outcome.Contributions.Select(contribution => Contribution(contribution, outcome, earned))]);
    }

    private ContributionFact Contribution(ContributionOutcome contribution, RoundOutcome outcome, Dictionary<Address, CreditEarned> earned)
    {
        long weights = outcome.Contributions.Sum(each => each.Weight);
        double passes = earned.TryGetValue(contribution.Miner, out CreditEarned? credit) && credit.Credit > 0
            ? Passes(credit.Passes) * contribution.Credit / credit.Credit
            : 0;
        return new ContributionFact(
            contribution.Unit.ToString(),
            contribution.Miner.ToString(),
            ChainTotals.PerToken(contribution.ProbeGain, PaidTokens),
            ChainTotals.PerToken(contribution.ProbeError, PaidTokens),
            ChainTotals.PerToken(contribution.FreshGain, PaidTokens),
            contribution.Accepted,
            contribution.Accepted ? null : contribution.Reason,
            weights > 0 && !outcome.IsPublicStep ? (double)contribution.Weight / weights : 0, // a public step was not made of these weights
            ChainTotals.PerToken(contribution.LeaveOneOut, PaidTokens),
            NatsOnConfirmation(contribution.Credit),
            passes);
    }

    private double BitsPerByte(long holdoutTotal) => NatsOnHoldout(holdoutTotal) / NatsPerBit / holdoutBytesPerToken;

    private static double Passes(ulong q32) => q32 / 4294967296.0;

    private static RewardFact[] Rewards(IEnumerable<RewardEnded>? rewards) =>
        [.. rewards?.Select(reward => new RewardFact((long)reward.Height, reward.Block.ToString(), reward.Miner.ToString())) ?? []];

    private static IEnumerable<Address> Touched(ConnectedBlock connected)
    {
        var touched = new SortedSet<Address> { connected.Block.Header.Miner };
        foreach (Receipt receipt in connected.Receipts)
        {
            touched.Add(receipt.Transaction.Sender);
            touched.Add(receipt.Transaction.To);
        }

        if (connected.ParentUnit is { } unit)
        {
            touched.Add(unit.Miner);
        }

        foreach (RewardEnded reward in connected.RoundEnd is { } end ? end.Released.AddRange(end.Expired) : [])
        {
            touched.Add(reward.Miner);
        }

        foreach (CreditEarned credit in connected.RoundEnd?.Credits ?? [])
        {
            touched.Add(credit.Miner);
        }

        touched.Remove(ProtocolCall.Address);
        return touched;
    }

    private static UInt256 Sum(IEnumerable<UInt256> amounts) => amounts.Aggregate(UInt256.Zero, (sum, amount) => sum + amount);

    private static string Hex(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);
}
