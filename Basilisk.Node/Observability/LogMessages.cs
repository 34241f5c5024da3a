
namespace Basilisk.Node;

/// <summary>Every line the node logs, with its event id. Keys, phrases and passwords are never arguments here.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1001, LogLevel.Warning, "Checkpoint file {Path} is damaged ({Reason}); moved to {Aside} and rebuilt from the chain's payloads")]
    public static partial void CheckpointDamaged(this ILogger log, string path, string reason, string aside);

    [LoggerMessage(1002, LogLevel.Error, "Checkpoint file {Path} could not be written: {Reason} The node goes on; free some space, the next round writes again")]
    public static partial void CheckpointNotWritten(this ILogger log, string path, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "Old checkpoints in {Folder} could not be removed: {Reason} They are tried again after the next round")]
    public static partial void CheckpointNotRemoved(this ILogger log, string folder, string reason);

    [LoggerMessage(1101, LogLevel.Information, "Block {Height} {Hash} by {Miner}: {Transactions} transactions, {Payloads} payloads")]
    public static partial void BlockConnected(this ILogger log, ulong height, string hash, string miner, int transactions, int payloads);

    [LoggerMessage(1102, LogLevel.Warning, "Block {Hash} at height {Height} refused: {Refusal}")]
    public static partial void BlockRefused(this ILogger log, string hash, ulong height, string refusal);

    [LoggerMessage(1103, LogLevel.Warning, "Reorganisation: {Removed} blocks off, {Added} blocks on; the tip is now {Height} {Hash}")]
    public static partial void Reorganised(this ILogger log, int removed, int added, ulong height, string hash);

    [LoggerMessage(1104, LogLevel.Warning, "A heavier chain at {Hash} forks off {Depth} settled rounds back and is not followed: finality is {Finality} rounds")]
    public static partial void ReorganisationTooDeep(this ILogger log, string hash, ulong depth, uint finality);

    [LoggerMessage(1108, LogLevel.Error, "FINALITY: a chain with more work ends in {Hash} at height {Height}. It leaves this node's chain at height {Fork}, and following it would undo {Undone} settled rounds; finality is {Finality}. The node stays on its chain. To follow the other one: ./basilisk chain follow {Hash}")]
    public static partial void ChainKeptOut(this ILogger log, string hash, ulong height, ulong fork, ulong undone, uint finality);

    [LoggerMessage(1109, LogLevel.Warning, "The operator lets this node follow chains with block {Height} {Hash}, whatever finality says")]
    public static partial void ChainAccepted(this ILogger log, string hash, ulong height);

    [LoggerMessage(1105, LogLevel.Information, "Replayed {Blocks} blocks in {Seconds:F1} s; the tip is {Height} {Hash}")]
    public static partial void Replayed(this ILogger log, long blocks, double seconds, ulong height, string hash);

    [LoggerMessage(1106, LogLevel.Error, "Block {Height} could not be stored and was not connected: {Reason}")]
    public static partial void BlockNotStored(this ILogger log, ulong height, string reason);

    [LoggerMessage(1107, LogLevel.Error, "The connection broke while the tip was moved; waiting for the store to know whether it did: {Reason}")]
    public static partial void AppendUncertain(this ILogger log, string reason);

    [LoggerMessage(1121, LogLevel.Information, "Started from the snapshot at height {Height}")]
    public static partial void StartedFromSnapshot(this ILogger log, ulong height);

    [LoggerMessage(1122, LogLevel.Warning, "The start-up snapshot {Path} is not used: {Reason} The log is replayed from its beginning; a new one is written as the chain goes on")]
    public static partial void StartupSnapshotUnusable(this ILogger log, string path, string reason);

    [LoggerMessage(1123, LogLevel.Error, "The start-up snapshot in {Folder} could not be written: {Reason} The node goes on; its next start takes longer")]
    public static partial void StartupSnapshotNotWritten(this ILogger log, string folder, string reason);

    [LoggerMessage(1124, LogLevel.Information, "Fetching the snapshot at height {Height}, block {Hash}: {Entries} entries, from {Peers} peers")]
    public static partial void SnapshotChosen(this ILogger log, ulong height, string hash, uint entries, int peers);

    [LoggerMessage(1125, LogLevel.Warning, "The snapshot that peer {Peer} offers is refused: {Refusal}")]
    public static partial void SnapshotRefused(this ILogger log, string peer, string refusal);

    [LoggerMessage(1126, LogLevel.Information, "The chain goes on from the snapshot at height {Height}, block {Hash}, with {Entries} entries")]
    public static partial void SnapshotInstalled(this ILogger log, ulong height, string hash, int entries);

    [LoggerMessage(1127, LogLevel.Information, "Payloads of blocks up to height {Height} were pruned; the log is replayed from there")]
    public static partial void PayloadsPruned(this ILogger log, ulong height);

    [LoggerMessage(1128, LogLevel.Warning, "Old payloads could not be pruned: {Reason} The next round's end tries again")]
    public static partial void PayloadsNotPruned(this ILogger log, string reason);

    [LoggerMessage(1129, LogLevel.Warning, "No peer gave a whole snapshot in {Tries} tries: every block is fetched and replayed instead")]
    public static partial void SnapshotNotServed(this ILogger log, int tries);

    [LoggerMessage(1201, LogLevel.Information, "Round {Round} settled: gain {Gain:F6} ± {Error:F6} nats, step {Step}, {Accepted} of {Contributions} contributions accepted, {Released} rewards released, holdout {Holdout:F4}")]
    public static partial void RoundSettled(this ILogger log, ulong round, double gain, double error, double step, int accepted, int contributions, int released, double holdout);

    [LoggerMessage(1202, LogLevel.Information, "Round {Round} ended empty: {Reason}")]
    public static partial void RoundEmpty(this ILogger log, ulong round, string reason);

    [LoggerMessage(1203, LogLevel.Information, "Round {Round} judged in {Seconds:F1} s: {Contributions} contributions, {Evaluations} evaluations")]
    public static partial void RoundJudged(this ILogger log, ulong round, double seconds, int contributions, int evaluations);

    [LoggerMessage(1204, LogLevel.Error, "Judging round {Round} failed")]
    public static partial void JudgingFailed(this ILogger log, Exception error, ulong round);

    [LoggerMessage(1205, LogLevel.Information, "Round {Round} paid nobody: the model moved along what was public, gain {Gain:F6} ± {Error:F6} nats, step {Step}, holdout {Holdout:F4}")]
    public static partial void RoundUnpaid(this ILogger log, ulong round, double gain, double error, double step, double holdout);

    [LoggerMessage(1301, LogLevel.Information, "Mining with {Threads} threads ({Kernel}), duty cycle {Duty:P1}")]
    public static partial void MiningStarted(this ILogger log, int threads, string kernel, double duty);

    [LoggerMessage(1302, LogLevel.Information, "Mined block {Height} {Hash}")]
    public static partial void BlockMined(this ILogger log, ulong height, string hash);

    [LoggerMessage(1303, LogLevel.Error, "The miner stopped for a moment: {Reason}")]
    public static partial void MiningFailed(this ILogger log, Exception error, string reason);

    [LoggerMessage(1401, LogLevel.Information, "Training on {Threads} threads: {Parameters} weights, {Sequences} sequences of {Length} tokens a step")]
    public static partial void TrainingStarted(this ILogger log, int threads, int parameters, int sequences, int length);

    [LoggerMessage(1402, LogLevel.Information, "Contribution for unit {Unit} of round {Round} committed: {Bytes} bytes")]
    public static partial void ContributionCommitted(this ILogger log, string unit, ulong round, int bytes);

    [LoggerMessage(1403, LogLevel.Information, "Contribution for unit {Unit} of round {Round} revealed")]
    public static partial void ContributionRevealed(this ILogger log, string unit, ulong round);

    [LoggerMessage(1404, LogLevel.Warning, "Own transaction {Kind} for unit {Unit} refused: {Refusal}")]
    public static partial void OwnTransactionRefused(this ILogger log, string kind, string unit, string refusal);

    [LoggerMessage(1405, LogLevel.Error, "The trainer stopped for a moment")]
    public static partial void TrainingFailed(this ILogger log, Exception error);

    [LoggerMessage(1406, LogLevel.Error, "The optimiser's state could not be saved in {Folder}: {Reason} Training goes on; free some space, the next round saves again")]
    public static partial void TrainingNotSaved(this ILogger log, string folder, string reason);

    [LoggerMessage(1501, LogLevel.Error, "Projection {Name} stopped at event {Sequence}: run `./basilisk projections rebuild {Name}`")]
    public static partial void ProjectionStopped(this ILogger log, Exception error, string name, long sequence);

    [LoggerMessage(1505, LogLevel.Warning, "Projection {Name} is derived anew from the first event on: {Reason}")]
    public static partial void ProjectionDerivedAnew(this ILogger log, string name, string reason);

    [LoggerMessage(1502, LogLevel.Warning, "Projection {Name} waits for the store: {Reason}")]
    public static partial void ProjectionWaiting(this ILogger log, string name, string reason);

    [LoggerMessage(1503, LogLevel.Warning, "The live feed sends no blocks: {Reason}")]
    public static partial void LiveFeedHeld(this ILogger log, string reason);

    [LoggerMessage(1504, LogLevel.Warning, "The projections' positions could not be read: {Reason}")]
    public static partial void ProjectionStatusUnknown(this ILogger log, string reason);

    [LoggerMessage(1601, LogLevel.Error, "Request {RequestId} {Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger log, Exception error, string requestId, string method, string path);

    [LoggerMessage(1701, LogLevel.Information, "{Line}")]
    public static partial void PostgresLine(this ILogger log, string line);

    [LoggerMessage(1702, LogLevel.Information, "Store: {Description}")]
    public static partial void StoreOpened(this ILogger log, string description);

    [LoggerMessage(1801, LogLevel.Information, "Primer after round {Round}: {Correct} of {Total} questions")]
    public static partial void PrimerMeasured(this ILogger log, int round, int correct, int total);

    [LoggerMessage(1802, LogLevel.Error, "The primer benchmark failed")]
    public static partial void PrimerFailed(this ILogger log, Exception error);

    [LoggerMessage(1901, LogLevel.Information, "Peers may connect to {Address}; this node's id is {Id}")]
    public static partial void PeersListening(this ILogger log, string address, string id);

    [LoggerMessage(1902, LogLevel.Information, "Peer {Peer} at {Address} connected ({Direction}): {Agent}, height {Height}")]
    public static partial void PeerConnected(this ILogger log, string peer, string address, string direction, string agent, ulong height);

    [LoggerMessage(1903, LogLevel.Information, "Peer {Peer} at {Address} disconnected: {Token} {Detail}")]
    public static partial void PeerDisconnected(this ILogger log, string peer, string address, string token, string detail);

    [LoggerMessage(1904, LogLevel.Debug, "No connection with {Address}: {Token} {Detail}")]
    public static partial void PeerRefused(this ILogger log, string address, string token, string detail);

    [LoggerMessage(1905, LogLevel.Debug, "The connection with peer {Peer} broke: {Reason}")]
    public static partial void PeerConnectionBroke(this ILogger log, string peer, string reason);

    [LoggerMessage(1906, LogLevel.Error, "Acting on a message of peer {Peer} failed; the connection is closed")]
    public static partial void PeerHandlerFailed(this ILogger log, Exception error, string peer);

    [LoggerMessage(1907, LogLevel.Debug, "Peer {Peer} at {Address}: {Offence} {Refusal}")]
    public static partial void PeerOffended(this ILogger log, string peer, string address, Peers.Policy.Offence offence, string refusal);

    [LoggerMessage(1908, LogLevel.Warning, "Peer {Peer} at {Address} is banned for {Hours} hours: {Reason}")]
    public static partial void PeerBanned(this ILogger log, string peer, string address, double hours, string reason);

    [LoggerMessage(1909, LogLevel.Warning, "{Path} could not be read ({Reason}); moved to {Aside}, and begun anew")]
    public static partial void PeerFileDamaged(this ILogger log, string path, string reason, string aside);

    [LoggerMessage(1910, LogLevel.Warning, "{Path} could not be written: {Reason} Tried again in a moment")]
    public static partial void PeerFileNotWritten(this ILogger log, string path, string reason);

    [LoggerMessage(1951, LogLevel.Warning, "Headers of peer {Peer} refused: {Refusal}")]
    public static partial void PeerHeadersRefused(this ILogger log, string peer, string refusal);

    [LoggerMessage(1952, LogLevel.Warning, "Block {Hash} at height {Height} of peer {Peer} refused: {Refusal}")]
    public static partial void PeerBlockRefused(this ILogger log, string peer, string hash, ulong height, string refusal);

    [LoggerMessage(1953, LogLevel.Error, "Block {Hash} at height {Height} of a peer could not be stored and is asked for again: {Reason}")]
    public static partial void PeerBlockNotStored(this ILogger log, string hash, ulong height, string reason);

    [LoggerMessage(1954, LogLevel.Information, "Peer {Peer} holds up block {Height}; another is asked")]
    public static partial void PeerStalled(this ILogger log, string peer, ulong height);

    [LoggerMessage(1955, LogLevel.Information, "Current at height {Height}: mining, training and transactions begin")]
    public static partial void SyncCurrent(this ILogger log, ulong height);

    [LoggerMessage(1956, LogLevel.Warning, "Behind: height {Height} of {Target}; mining and training wait")]
    public static partial void SyncFellBehind(this ILogger log, ulong height, ulong target);

    [LoggerMessage(1957, LogLevel.Warning, "No peer could be reached for {Seconds} s; going on alone. Blocks mined alone may be left for a longer chain later")]
    public static partial void SyncAlone(this ILogger log, int seconds);

    [LoggerMessage(1958, LogLevel.Error, "A conversation with peer {Peer} failed; the connection is closed")]
    public static partial void ConversationFailed(this ILogger log, Exception error, string peer);

    [LoggerMessage(1959, LogLevel.Information, "{Name} could not be joined ({Refusal}); trying again in {Seconds:F0} s")]
    public static partial void JoinRetried(this ILogger log, string name, string refusal, double seconds);

    [LoggerMessage(1960, LogLevel.Debug, "{Address} could not be connected to: {Token}")]
    public static partial void DialFailed(this ILogger log, string address, string token);

    [LoggerMessage(1961, LogLevel.Warning, "Another process listens at {Address}: no peer may connect. Choose another address with --listen")]
    public static partial void PeersNotListening(this ILogger log, string address);
}
