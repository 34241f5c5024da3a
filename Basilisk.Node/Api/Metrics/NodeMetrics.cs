using System.Globalization;
using System.Runtime.InteropServices;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.State;
using Basilisk.Chain.Primitives;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;
using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Node.Status;
using Basilisk.Store;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Api.Metrics;

/// <summary>The node's metrics. Those of EIP-2159 carry its names; all others begin with <c>basilisk_</c>.</summary>
internal sealed class NodeMetrics(
    ChainstateService chainstate,
    TransactionPool pool,
    INodeStatusSource status,
    ErrorCounter errors,
    ProjectionRunner projections,
    PeerMetrics peers,
    PeerOptions peerOptions,
    TimeProvider time,
    ILogger<NodeMetrics> log) : BackgroundService
{
    private static readonly TimeSpan ProjectionInterval = TimeSpan.FromSeconds(1);

    private IReadOnlyList<ProjectionStatus> _projections = [];
    private long _reorganisations;
    private long _disconnected;
    private long _deepest;

    public IReadOnlyList<Metric> All => field ??= [.. Chain(), .. Mining(), .. Training(), .. Rewards(), .. Store(), .. peers.All, .. Process()];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using IDisposable subscription = chainstate.Subscribe(Count);
        using var timer = new PeriodicTimer(ProjectionInterval, time);
        do
        {
            try
            {
                _projections = await projections.StatusAsync(stoppingToken);
            }
            catch (StoreException error)
            {
                log.ProjectionStatusUnknown(error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Count(ChainChange change)
    {
        if (change.Disconnected.Count > 0)
        {
            Interlocked.Increment(ref _reorganisations);
            Interlocked.Add(ref _disconnected, change.Disconnected.Count);
            Interlocked.Exchange(ref _deepest, Math.Max(Interlocked.Read(ref _deepest), change.Disconnected.Count));
        }
    }

    private IEnumerable<Metric> Chain()
    {
        ChainView View() => chainstate.Current;
        RoundSchedule rounds = chainstate.Parameters.Rounds;
        yield return Gauge("ethereum_blockchain_height", "Height of the tip.", "{block}", () => View().Height);
        yield return Gauge("ethereum_best_known_block_number", "Highest block this node has heard of.", "{block}", () => status.Now().Sync.TargetHeight);
        yield return Gauge("ethereum_peer_count", "Connected peers.", "{peer}", () => status.Now().Peers);
        yield return Gauge("ethereum_peer_limit", "Most peers this node connects to.", "{peer}", () => peerOptions.Inbound + peerOptions.Outbound);
        yield return Gauge("basilisk_chain_height", "Height of the tip.", "{block}", () => View().Height);
        yield return Gauge("basilisk_chain_tip_time_seconds", "Time in the tip's header, Unix seconds.", "s", () => (double)View().State.Head.Header.Time);
        yield return Gauge("basilisk_chain_difficulty_hashes", "Expected hashes for the next block.", "{hash}", () => (double)(System.Numerics.BigInteger)Work.Of(View().State.Head.NextTarget(chainstate.Parameters)));
        yield return Gauge("basilisk_chain_base_fee_wei", "Base fee of the next block, wei per gas.", "wei", () => (double)(System.Numerics.BigInteger)View().State.Chain.BaseFee);
        yield return Gauge("basilisk_round", "Round of the next block.", "{round}", () => View().Round);
        yield return Gauge("basilisk_round_progress_ratio", "Part of the running round's heights that are behind.", "1", () => (double)rounds.PositionOf(View().State.Height + 1) / rounds.Length);
        yield return Counter("basilisk_rounds_settled_total", "Rounds that moved the model.", "{round}", () => View().Totals.Settled);
        yield return Counter("basilisk_reorganisations_total", "Times the tip moved to another branch, since the start.", "{reorganisation}", () => Interlocked.Read(ref _reorganisations));
        yield return Counter("basilisk_blocks_disconnected_total", "Blocks that reorganisations took off, since the start.", "{block}", () => Interlocked.Read(ref _disconnected));
        yield return Gauge("basilisk_reorganisation_depth_max_blocks", "Most blocks that one reorganisation took off, since the start.", "{block}", () => Interlocked.Read(ref _deepest));
        yield return Gauge("basilisk_finality_conflict", "1 where finality keeps a chain with more work out.", "1", () => chainstate.Headers.Conflict is null ? 0 : 1);
        yield return Gauge("basilisk_best_header_height", "Height of the best header chain; above the tip's while bodies are missing.", "{block}", () => chainstate.Headers.Best.Height);
        yield return Gauge("basilisk_headers", "Headers kept, those beside the chain included.", "{header}", () => chainstate.Headers.Count);
        yield return Gauge("basilisk_mempool_transactions", "Transactions that wait.", "{transaction}", () => pool.Count);
        yield return Gauge("basilisk_mempool_bytes", "Bytes of the transactions and payloads that wait.", "By", () => pool.Newest(int.MaxValue).Sum(each => (long)each.Transaction.Size + (each.Payload?.Length ?? 0)));
    }

    private IEnumerable<Metric> Mining()
    {
        MiningView Now() => status.Now().Mining;
        yield return Gauge("basilisk_mining_active", "1 where this node mines.", "1", () => Now().Active ? 1 : 0);
        yield return Gauge("basilisk_mining_hashes_per_second", "Hash rate over the last seconds.", "{hash}/s", () => Now().HashesPerSecond);
        yield return Gauge("basilisk_mining_duty_ratio", "Share of time a mining thread hashes.", "1", () => Now().DutyCycle);
        yield return Counter("basilisk_mining_blocks_total", "Blocks this node mined, since the start.", "{block}", () => Now().BlocksFound);
    }

    private IEnumerable<Metric> Training()
    {
        TrainingView Now() => status.Now().Training;
        LastRoundView? Last() => status.Now().LastRound;
        yield return Gauge("basilisk_training_active", "1 where this node trains.", "1", () => Now().Active ? 1 : 0);
        yield return Counter("basilisk_training_tokens_total", "Tokens trained on, since the start.", "{token}", () => Now().TokensTotal);
        yield return Counter("basilisk_training_steps_total", "Optimiser steps, since the start.", "{step}", () => Now().Step);
        yield return Gauge("basilisk_training_tokens_per_second", "Training speed over the last seconds.", "{token}/s", () => Now().TokensPerSecond);
        yield return Gauge("basilisk_training_busy_ratio", "Share of wall time spent in optimiser steps.", "1", () => Now().BusyShare);
        yield return Optional("basilisk_training_loss_nats", "Smoothed training loss per token.", "{nat}", () => Now().Loss);
        yield return Optional("basilisk_round_gain_nats", "Confirmed gain of the last ended round, per token.", "{nat}", () => Last()?.GainNats);
        yield return Optional("basilisk_holdout_loss_nats", "Loss on the holdout after the last judged round, per token.", "{nat}", () => Last()?.HoldoutLoss);
        yield return Optional("basilisk_round_rewards_released", "Rewards that the last ended round released.", "{reward}", () => Last()?.Released);
    }

    private IEnumerable<Metric> Rewards()
    {
        Account? Own() => status.Now().Account is { } own ? chainstate.Current.State.Account(Address.Parse(own.Address)) : null;
        // Gauges, because a reorganisation takes some back.
        yield return new Metric(
            "basilisk_chain_rewards",
            "Rewards of all mined blocks by their state.",
            MetricType.Gauge,
            "{reward}",
            () =>
            {
                ChainState state = chainstate.Current.State;
                ChainRecord record = state.Chain;
                return
                [
                    new Sample(record.Released, ("state", "released")),
                    new Sample(record.Expired, ("state", "expired")),
                    new Sample(state.Height - record.Released - record.Expired, ("state", "pending")),
                ];
            });
        yield return Optional("basilisk_account_balance_wei", "Balance of the node's account.", "wei", () => Own() is { } own ? (double)(System.Numerics.BigInteger)own.Balance : null);
        yield return Optional("basilisk_account_rewards_pending", "Blocks of the node's account whose reward waits for a pass.", "{reward}", () => Own()?.PendingRewards);
        yield return new Metric(
            "basilisk_account_rewards_total",
            "Rewards of the node's account by how they ended.",
            MetricType.Counter,
            "{reward}",
            () => Own() is { } own ? [new Sample(own.Released, ("state", "released")), new Sample(own.Expired, ("state", "expired"))] : []);
        yield return Optional("basilisk_account_credit_nats", "Credit of the node's account, per token.", "{nat}", () => status.Now().Account?.CreditNats);
    }

    private IEnumerable<Metric> Store()
    {
        yield return new Metric(
            "basilisk_projection_lag_events",
            "Events that a projection has not applied yet.",
            MetricType.Gauge,
            "{event}",
            () => _projections.Select(each => new Sample(Math.Max(0, each.HighWater - each.Position), ("projection", each.Name))));
        yield return new Metric(
            "basilisk_projection_failed",
            "1 where a projection stopped for good.",
            MetricType.Gauge,
            "1",
            () => _projections.Select(each => new Sample(each.State == ProjectionState.Failed ? 1 : 0, ("projection", each.Name))));
        yield return Counter("basilisk_log_errors_total", "Errors logged, since the start.", "{error}", () => errors.Count);
    }

    private IEnumerable<Metric> Process()
    {
        double started = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        yield return Gauge("basilisk_process_resident_memory_bytes", "Physical memory of the process.", "By", () => Environment.WorkingSet);
        yield return Gauge("basilisk_process_managed_memory_bytes", "Memory of the managed heap.", "By", () => GC.GetTotalMemory(forceFullCollection: false));
        yield return Counter("basilisk_process_cpu_seconds_total", "Processor time, user and system.", "s", () => Environment.CpuUsage.TotalTime.TotalSeconds);
        yield return Gauge("basilisk_process_start_time_seconds", "When metrics began, Unix seconds.", "s", () => started);
        yield return Counter("basilisk_process_garbage_collections_total", "Collections of the oldest generation.", "{collection}", () => GC.CollectionCount(2));
        yield return new Metric(
            "basilisk_build_info",
            "Always 1; the labels say what runs.",
            MetricType.Gauge,
            "1",
            () =>
            [
                new Sample(
                    1,
                    ("version", NodeStatus.Version),
                    ("network", chainstate.Parameters.Name),
                    ("chain_id", chainstate.Parameters.ChainId.ToString(CultureInfo.InvariantCulture)),
                    ("runtime", RuntimeInformation.FrameworkDescription)),
            ]);
    }

    private static Metric Gauge(string name, string help, string unit, Func<double> value) =>
        new(name, help, MetricType.Gauge, unit, () => [new Sample(value())]);

    private static Metric Counter(string name, string help, string unit, Func<double> value) =>
        new(name, help, MetricType.Counter, unit, () => [new Sample(value())]);

    private static Metric Optional(string name, string help, string unit, Func<double?> value) =>
        new(name, help, MetricType.Gauge, unit, () => value() is { } now ? [new Sample(now)] : []);
}
