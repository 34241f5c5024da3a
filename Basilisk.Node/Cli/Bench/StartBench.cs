using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Judging;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Genesis;
using Basilisk.Node.Judging;
using Basilisk.Node.Mining;
using Basilisk.Node.Snapshots;
using Basilisk.Store.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Basilisk.Node.Cli.Bench;

/// <summary>What a start costs before the node can work: the chain brought back from its log, whole and from the start-up snapshot.</summary>
internal sealed class StartBench : IBench
{
    private const int Blocks = 10_000;
    private const int Rounds = 3;

    public async Task RunAsync(BenchRun run, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("basilisk-bench-").FullName;
        try
        {
            Network network = NetworkFolder.Create(Path.Combine(folder, "network"), "test", 1_700_000_000, run.Threads, null, cancellation);
            await using var store = new MemoryStore(run.Time);
            run.Say($"start: mining {Blocks} empty blocks");
            await MineAsync(network, store, folder, cancellation);
            double whole = await MeasureAsync(network, store, folder, snapshots: false, cancellation);
            double snapshot = await MeasureAsync(network, store, folder, snapshots: true, cancellation);
            run.Add(new BenchLine("start", $"log of {Blocks} empty blocks replayed whole", whole, "processor s"));
            run.Add(new BenchLine("start", $"the same from the start-up snapshot", snapshot, "processor s", whole, snapshot / whole, "the whole log"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(Network network, MemoryStore store, string folder, bool snapshots, CancellationToken cancellation)
    {
        var seconds = new List<double>();
        for (int round = 0; round <= Rounds; round++)
        {
            await using var chain = new BenchChain(network, store, folder, snapshots, cancellation);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            await chain.State.LoadAsync(cancellation);
            seconds.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds);
            if (chain.State.Current.Height != Blocks)
            {
                throw new InvalidOperationException($"The start gave height {chain.State.Current.Height} instead of {Blocks}.");
            }
        }

        return seconds.Skip(1).Order().ElementAt(Rounds / 2); // the first warms up
    }

    private static async Task MineAsync(Network network, MemoryStore store, string folder, CancellationToken cancellation)
    {
        await using var chain = new BenchChain(network, store, folder, snapshots: true, cancellation);
        await chain.State.LoadAsync(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task writer = Task.Run(() => chain.State.RunAsync(stop.Token), CancellationToken.None);
        for (int i = 0; i < Blocks; i++)
        {
            BlockSubmission submission = await chain.State.SubmitAsync(await chain.NextAsync(cancellation), cancellation);
            if (submission.Refusal is { } refusal)
            {
                throw new InvalidOperationException($"The bench's own block was refused: {refusal}");
            }
        }

        await stop.CancelAsync();
        await writer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A node's chain without the rest of the node.</summary>
    private sealed class BenchChain : IAsyncDisposable
    {
        private readonly ChainRules _rules;
        private readonly OutcomeService _outcomes;
        private readonly StartupSnapshots? _startup;
        private readonly PrivateKey _key = PrivateKey.FromBytes(Keccak256.Hash("bench"u8).ToArray());

        public BenchChain(Network network, MemoryStore store, string folder, bool snapshots, CancellationToken stopping)
        {
            _rules = new ChainRules(network.Parameters, new KeccakProofOfWork());
            var checkpoints = new CheckpointStore(Path.Combine(folder, "checkpoints"), network.Parameters.Model.Shape.ParameterCount, NullLogger.Instance);
            checkpoints.Put(network.Artefacts.Checkpoint);
            var payloads = new PayloadBook(store.Events);
            var judge = new RoundJudge(network.Parameters, network.Artefacts.Corpus, checkpoints, payloads, new IntegerLossEvaluator(1));
            _outcomes = new OutcomeService(judge, payloads, NullLogger<OutcomeService>.Instance, stopping);
            _startup = snapshots ? new StartupSnapshots(Path.Combine(folder, "snapshots"), NullLogger.Instance) : null;
            var log = new ChainLog(store.Events, network.Parameters, new ChainFacts(network.Parameters, network.Artefacts.HoldoutBytesPerToken));
            State = new ChainstateService(_rules, log, _outcomes, checkpoints, payloads, TimeProvider.System, NullLogger<ChainstateService>.Instance, _startup);
        }

        public ChainstateService State { get; }

        public async Task<Block> NextAsync(CancellationToken cancellation)
        {
            ChainView view = State.Current;
            RoundOutcome? outcome = _rules.NeedsOutcome(view.State) ? await _outcomes.OutcomeAsync(view, cancellation) : null;
            ulong time = view.State.Head.Header.Time + _rules.Parameters.Difficulty.BlockInterval;
            BlockTemplate template = new BlockAssembler(_rules).Build(view.State, _key.Address, [], time, outcome);
            var search = new HeaderSearch(template.Block.Header.PrefixForMining());
            return template.WithNonce(search.Search(0, 1 << 20, template.Block.Header.Target.ToTarget())
                ?? throw new InvalidOperationException("The test network's target was missed a million times."));
        }

        public async ValueTask DisposeAsync()
        {
            _key.Dispose();
            if (_startup is not null)
            {
                await _startup.DisposeAsync();
            }
        }
    }
}
