using System.Text.Json;
using System.Text.Json.Serialization;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// What the node appends to its log. A block's bytes are the truth and replay the chain; the facts beside them are what the rules
/// derived, written down so that projections need not run the rules again.
/// </summary>
public static class ChainEvents
{
    /// <summary>The stream that holds the chain.</summary>
    public const string Stream = "chain";

    /// <summary>First event of the stream: which network this is.</summary>
    public const string NetworkCreated = "network_created";

    public const string BlockConnected = "block_connected";

    public const string BlockDisconnected = "block_disconnected";

    /// <summary>Second event of a stream that does not begin with block 1: the state that the chain goes on from.</summary>
    public const string SnapshotInstalled = "snapshot_installed";

    /// <summary>Payloads of old blocks are to be deleted, and where the log can be replayed from then.</summary>
    public const string PayloadsPruned = "payloads_pruned";

    /// <summary>The stream of what was pruned.</summary>
    public const string PruningStream = "pruning";

    /// <summary>The stream of what the operator decided about the chain.</summary>
    public const string OperatorStream = "operator";

    /// <summary>The operator lets the node follow chains that contain a block, whatever finality says.</summary>
    public const string ChainFollowed = "chain_followed";

    /// <summary>Scores of the primer benchmark for one checkpoint.</summary>
    public const string PrimerMeasured = "primer_measured";

    /// <summary>The stream of measurements that are not consensus.</summary>
    public const string MeasurementStream = "measurements";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <param name="Name">Name of the network.</param>
/// <param name="ParametersHash">Keccak-256 of its parameters.</param>
/// <param name="Genesis">Facts of the genesis block.</param>
public sealed record NetworkCreated(string Name, string ParametersHash, BlockFact Genesis);

/// <summary>A block was put on the tip.</summary>
/// <param name="Block">Header and transactions, base64; payloads lie in the blob store.</param>
/// <param name="Payloads">Keccak-256 of each payload, 0x hex, in side-car order: the blobs' keys.</param>
/// <param name="Outcome">Encoded result of the round this block ends, base64; null otherwise.</param>
/// <param name="Fact">What the block says.</param>
/// <param name="Transactions">What its transactions did, in order.</param>
/// <param name="Accounts">Accounts it changed, as they are after it.</param>
/// <param name="Released">Rewards minted by it.</param>
/// <param name="Expired">Rewards that it let expire.</param>
/// <param name="Forfeited">Units that were not revealed in their round.</param>
/// <param name="Round">Result of the round it ends; null otherwise.</param>
/// <param name="WithoutPlace">Units that drew no place in their round; null where none.</param>
public sealed record BlockConnected(
    string Block,
    IReadOnlyList<string> Payloads,
    string? Outcome,
    BlockFact Fact,
    IReadOnlyList<TransactionFact> Transactions,
    IReadOnlyList<AccountFact> Accounts,
    IReadOnlyList<RewardFact> Released,
    IReadOnlyList<RewardFact> Expired,
    IReadOnlyList<string> Forfeited,
    RoundFact? Round,
    IReadOnlyList<string>? WithoutPlace = null);

/// <summary>A reorganisation took the tip off.</summary>
/// <param name="Height">Height of the block taken off.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Fact">What it said.</param>
/// <param name="TransactionFacts">What its transactions had done.</param>
public sealed record BlockDisconnected(long Height, string Hash, BlockFact Fact, IReadOnlyList<TransactionFact> TransactionFacts);

/// <summary>
/// The chain goes on from a state that peers gave, checked against the headers: nothing that lies before it was replayed here. The
/// blobs named are in the blob store; a log with this event holds all that replaying and judging on top of it ask for.
/// </summary>
/// <param name="Height">Height of the block that the state belongs to.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="View">Keccak-256 of the encoded view: state, trail of rounds, totals.</param>
/// <param name="Headers">Keccak-256 of each run of headers, 280 bytes each, from height 1 up to the block.</param>
/// <param name="Checkpoints">Roots of the checkpoint in force and of those that judging looks back at; the blobs are their canonical bytes.</param>
/// <param name="Payloads">Keccak-256 of the payloads that judging looks back at: of the round that the block ends, and of empty ones before.</param>
/// <param name="Fact">What the block's header says; what its transactions did is not known.</param>
/// <param name="Accounts">Accounts of living units' miners. Other addresses cannot be read from a state.</param>
/// <param name="Units">Living units.</param>
public sealed record SnapshotInstalled(
    long Height,
    string Hash,
    string View,
    IReadOnlyList<string> Headers,
    IReadOnlyList<string> Checkpoints,
    IReadOnlyList<string> Payloads,
    BlockFact Fact,
    IReadOnlyList<AccountFact> Accounts,
    IReadOnlyList<UnitFact> Units);

/// <summary>
/// Payloads of the blocks up to one are deleted, where nothing above names them. Replaying and judging begin behind that block, from
/// the view and the checkpoints named here.
/// </summary>
/// <param name="Height">Height of the block; it ends a round.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Place">Version, in the chain's stream, of the event that put it on.</param>
/// <param name="View">Keccak-256 of the encoded view: state, trail of rounds, totals.</param>
/// <param name="Checkpoints">Roots of the checkpoint in force and of those that judging looks back at; the blobs are their canonical bytes.</param>
/// <param name="Payloads">Payloads of the round that the block ends and of empty ones before: kept, because judging looks back at them.</param>
public sealed record PayloadsPruned(
    long Height, string Hash, long Place, string View, IReadOnlyList<string> Checkpoints, IReadOnlyList<string> Payloads);

/// <summary>A living unit in a state.</summary>
/// <param name="Status">open, committed, revealed or forfeited.</param>
/// <param name="Round">Round in which it was drawn, or committed where it was.</param>
/// <param name="ExpiryRound">Last round in which it can be used.</param>
public sealed record UnitFact(string Id, long Height, string Miner, string Status, int Round, int ExpiryRound, string? PayloadHash, long? PayloadBytes);

/// <summary>What the header and the fee rules say of a block. Amounts are decimal wei.</summary>
public sealed record BlockFact(
    long Height,
    string Hash,
    string ParentHash,
    string Miner,
    long Time,
    string Target,
    string Difficulty,
    string Nonce,
    string BaseFee,
    long GasUsed,
    long GasLimit,
    string Burned,
    string Tips,
    string TransactionsRoot,
    string StateRoot,
    string ModelRoot,
    string RoundsRoot,
    string SidecarRoot,
    string ExtraData,
    string Header,
    long Size,
    int Round,
    string Phase,
    int RewardExpiryRound,
    string TotalWork);

/// <summary>A transaction and what it did. Amounts are decimal wei.</summary>
/// <param name="Kind">transfer, commit or reveal.</param>
/// <param name="Unit">Unit of a commit or reveal.</param>
/// <param name="PayloadHash">Payload of a reveal.</param>
/// <param name="PayloadBytes">Size of that payload.</param>
public sealed record TransactionFact(
    string Hash,
    string Kind,
    string From,
    string To,
    string Value,
    string Fee,
    long Nonce,
    int Type,
    long GasLimit,
    long GasUsed,
    string MaxFee,
    string MaxPriorityFee,
    string EffectiveGasPrice,
    string Input,
    string Raw,
    string? Unit,
    string? PayloadHash,
    long? PayloadBytes);

/// <summary>An account after a block.</summary>
/// <param name="Credit">Nats per token, all time.</param>
/// <param name="Passes">Passes held.</param>
public sealed record AccountFact(
    string Address,
    string Balance,
    long Nonce,
    double Credit,
    double Passes,
    int PendingRewards,
    long Released,
    long Expired);

/// <summary>The 25 BSK of one mined block.</summary>
public sealed record RewardFact(long Height, string Block, string Miner);

/// <summary>How a round ended. Losses and gains are nats per token.</summary>
/// <param name="Settled">Whether the model moved.</param>
/// <param name="EmptyReason">Why nobody was paid; null where somebody was.</param>
public sealed record RoundFact(
    int Number,
    bool Settled,
    string? EmptyReason,
    string EvaluationSeed,
    string ModelRoot,
    string NextModelRoot,
    double Step,
    double Gain,
    double GainError,
    double PaidBefore,
    double PaidAfter,
    double ConfirmationBefore,
    double ConfirmationAfter,
    double HoldoutBefore,
    double HoldoutAfter,
    double HoldoutBitsPerByteBefore,
    double HoldoutBitsPerByteAfter,
    IReadOnlyList<ContributionFact> Contributions);

/// <summary>What one contribution was worth. Gains are nats per token.</summary>
public sealed record ContributionFact(
    string Unit,
    string Miner,
    double ProbeGain,
    double ProbeError,
    double FreshGain,
    bool Accepted,
    string? Reason,
    double Weight,
    double LeaveOneOut,
    double Credit,
    double Passes);

/// <param name="Round">Round that made the checkpoint; −1 for genesis.</param>
/// <param name="Height">Height from which the checkpoint is in force.</param>
/// <param name="ModelRoot">The checkpoint.</param>
/// <param name="Kinds">Correct and asked, by kind.</param>
public sealed record PrimerMeasured(int Round, long Height, string ModelRoot, IReadOnlyList<Contracts.Model.PrimerScore> Kinds);

/// <param name="Height">Height of the block.</param>
/// <param name="Hash">Chains that contain it may be followed.</param>
public sealed record ChainFollowed(long Height, string Hash);
