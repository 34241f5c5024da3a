using System.Reflection;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.State;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Shapes;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;
using Basilisk.Node.Mining;
using Basilisk.Node.Options;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Training;

namespace Basilisk.Node.Status;

/// <summary>Gathers what the node is doing: for the API, the live feed and the terminal.</summary>
public sealed class NodeStatus(
    ChainstateService chainstate,
    TransactionPool pool,
    MiningMeter mining,
    TrainingMeter training,
    NodeOptions options,
    Address account,
    ChainFacts facts,
    TokenCorpus corpus,
    LivePeers peers,
    SyncStatus sync,
    TimeProvider time) : INodeStatusSource, IChainFacts
{
    private readonly long _started = time.GetTimestamp();
    private readonly double _duty = options.Mining.DutyCycle ?? MiningService.DefaultDuty(chainstate.Parameters);

    public static string Version { get; } =
        typeof(NodeStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private NetworkParameters Parameters => chainstate.Parameters;

    private ChainView View => chainstate.Current;

    public NetworkView Network
    {
        get
        {
            ModelShape shape = Parameters.Model.Shape;
            RoundSchedule rounds = Parameters.Rounds;
            return new NetworkView(
                Parameters.Name, (long)Parameters.ChainId, ChainState.Genesis(Parameters).Head.Hash.ToString(), Parameters.Hash.ToString(),
                Parameters.Difficulty.BlockInterval, (int)rounds.Length, (int)rounds.Train, (int)rounds.Reveal, (int)rounds.Judge,
                (int)rounds.UnitLifetime, (int)Parameters.FinalityRounds, (double)Parameters.Rewards.KappaNumerator / Parameters.Rewards.KappaDenominator,
                Parameters.Rewards.Reward.ToString(), shape.ParameterCount,
                $"Llama shape, {shape.Layers} layers, width {shape.Width}, {shape.Heads} heads, feed-forward {shape.FeedForward}",
                shape.Vocabulary, shape.Context, corpus.Count, Parameters.Model.CorpusRoot.ToString(), Parameters.Model.TokenizerHash.ToString());
        }
    }

    public long Height => View.Height;

    public int Round => (int)View.Round;

    public double TotalCreditNats => facts.NatsOnConfirmation(View.Totals.Credit);

    public StatusView Now()
    {
        ChainView view = View;
        RoundSchedule rounds = Parameters.Rounds;
        ChainHead head = view.State.Head;
        return new StatusView(
            Parameters.Name, (long)Parameters.ChainId, Version, view.Height, view.Hash.ToString(), (long)head.Header.Time,
            (int)view.Round, ChainFacts.PhaseName(view.Phase), (double)rounds.PositionOf(head.Height + 1) / rounds.Length,
            Parameters.Difficulty.BlockInterval, Work.Of(head.NextTarget(Parameters)).ToString(), view.State.Root.ToString(),
            view.State.ModelRoot.ToString(), pool.Count, peers.All.Count, Mining(), Training(), Account(view), LastRound(view), view.Totals.Settled,
            time.GetElapsedTime(_started).TotalSeconds, Sync())
        {
            Conflict = chainstate.Headers.Conflict is { } conflict
                ? new ConflictView(conflict.Other.Hash.ToString(), (long)conflict.Other.Height, (long)conflict.ForkHeight, (long)conflict.SettledRoundsUndone)
                : null,
        };
    }

    public AccountFact Account(string address) => facts.Account(Address.Parse(address), View.State);

    public string PhaseOf(long height) => ChainFacts.PhaseName(Parameters.Rounds.PhaseOf((ulong)height));

    public long FirstHeightOf(int round) => (long)Parameters.Rounds.FirstHeightOf((ulong)round);

    public long LastHeightOf(int round) => (long)Parameters.Rounds.LastHeightOf((ulong)round);

    public int OpenUnits(string address)
    {
        ChainView view = View;
        Address owner = Address.TryParse(address, out Address parsed) ? parsed : default;
        RoundSchedule rounds = Parameters.Rounds;
        ulong first = rounds.FirstHeightOf(view.Round >= rounds.UnitLifetime ? view.Round - rounds.UnitLifetime + 1 : 0);
        int open = 0;
        for (ulong height = Math.Max(1, first); height <= view.State.Height; height++)
        {
            open += view.State.UnitAt(height) is { Status: UnitStatus.Open } unit && unit.Miner == owner ? 1 : 0;
        }

        return open;
    }

    public string RewardOf(long blocks) => (Parameters.Rewards.Reward * (ulong)blocks).ToString();

    private SyncView Sync()
    {
        SyncProgress now = sync.Now;
        return new SyncView(
            now.PhaseName, now.IsCurrent, View.Height, Math.Max(View.Height, (long)now.TargetHeight), Math.Round(now.BlocksPerSecond, 3), now.Remaining?.TotalSeconds);
    }

    private MiningView Mining() => new(
        options.Mining.Enabled, mining.HashesPerSecond, _duty, options.Mining.Threads, mining.BlocksFound, mining.Waiting);

    private TrainingView Training() => new(
        options.Training.Enabled, training.TokensPerSecond, training.Tokens, training.BusyShare, training.Loss, training.Unit, training.Steps,
        training.Activity, $"CPU, {options.Training.EffectiveThreads} threads");

    private NodeAccountView Account(ChainView view)
    {
        AccountFact fact = facts.Account(account, view.State);
        return new NodeAccountView(fact.Address, fact.Balance, fact.PendingRewards, fact.Passes, fact.Credit);
    }

    private LastRoundView? LastRound(ChainView view) => view.Totals.LastOutcome is { } outcome
        ? new LastRoundView(
            (int)outcome.Round,
            outcome.Settled,
            outcome.Settled ? facts.NatsOnConfirmation(outcome.Gain) : 0,
            view.Totals.LastReleased,
            view.Totals.HoldoutNow is { } holdout ? facts.NatsOnHoldout(holdout) : 0)
        : null;
}
