namespace Basilisk.Chain.Refusals;

/// <summary>
/// The stable names of the block, round and state rules, in the order the rules run; docs/protocol.md explains each.
/// RLP has its own in <see cref="Rlp.RlpToken"/>, a transaction by itself in <see cref="Transactions.TransactionToken"/>.
/// </summary>
public static class Tokens
{
    // Malformed: the bytes are not one canonical encoding.
    public const string BlockTooLarge = "block-too-large";
    public const string HeaderLength = "header-length";
    public const string HeaderExtraLength = "header-extra-length";
    public const string HeaderExtraPadding = "header-extra-padding";
    public const string TransactionCount = "transaction-count";
    public const string PayloadTooLarge = "payload-too-large";
    public const string PayloadCount = "payload-count";
    public const string OutcomeReasonNotPrintable = "outcome-reason-not-printable";

    // Isolation: wrong by itself.
    public const string TargetNotCanonical = "target-not-canonical";
    public const string TargetAboveLimit = "target-above-limit";
    public const string WorkInsufficient = "work-insufficient";
    public const string MinerMissing = "miner-missing";
    public const string TransactionsRootMismatch = "transactions-root-mismatch";
    public const string SidecarRootMismatch = "sidecar-root-mismatch";
    public const string BlockGasExceeded = "block-gas-exceeded";
    public const string TransactionRepeated = "transaction-repeated";
    public const string ChainIdMismatch = "chain-id-mismatch";
    public const string GasLimitAboveBlock = "gas-limit-above-block";
    public const string ProtocolCallWithValue = "protocol-call-with-value";
    public const string ProtocolCallWithAccessList = "protocol-call-with-access-list";
    public const string SidecarCountMismatch = "sidecar-count-mismatch";
    public const string PayloadHashMismatch = "payload-hash-mismatch";
    public const string PayloadMalformed = "payload-malformed";

    // Header: wrong against its ancestors.
    public const string ParentMismatch = "parent-mismatch";
    public const string HeightNotNext = "height-not-next";
    public const string VersionMismatch = "version-mismatch";
    public const string TimeNotAfterMedian = "time-not-after-median";
    public const string TimeTooFarAhead = "time-too-far-ahead";
    public const string TargetMismatch = "target-mismatch";

    // State: wrong against the state it would change.
    public const string NonceTooLow = "nonce-too-low";
    public const string NonceTooHigh = "nonce-too-high";
    public const string FeeBelowBase = "fee-below-base";
    public const string BalanceTooLow = "balance-too-low";
    public const string UnitUnknown = "unit-unknown";
    public const string UnitNotOwned = "unit-not-owned";
    public const string CommitOutsidePhase = "commit-outside-phase";
    public const string CommitUnitNotOpen = "commit-unit-not-open";
    public const string RevealOutsidePhase = "reveal-outside-phase";
    public const string RevealWithoutPlace = "reveal-without-place";
    public const string RevealWithoutCommit = "reveal-without-commit";
    public const string RevealCommitmentMismatch = "reveal-commitment-mismatch";
    public const string ModelRootMismatch = "model-root-mismatch";
    public const string RoundsRootMismatch = "rounds-root-mismatch";
    public const string StateRootMismatch = "state-root-mismatch";

    // Chunks of a state, against the state root of a header.
    public const string StateKeysNotRising = "state-keys-not-rising";
    public const string StateKeyOutsidePrefix = "state-key-outside-prefix";
    public const string StateSiblingCount = "state-sibling-count";
    public const string StateChunkMismatch = "state-chunk-mismatch";

    // Fork choice.
    public const string ReorganisationTooDeep = "reorganisation-too-deep";
    public const string HeaderOrphan = "header-orphan";
    public const string HeaderInvalidAncestor = "header-invalid-ancestor";
}
