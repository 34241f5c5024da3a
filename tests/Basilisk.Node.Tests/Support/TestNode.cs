using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Batches;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Model.Training;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Genesis;
using Basilisk.Node.Judging;
using Basilisk.Node.Mempool;
using Basilisk.Node.Mining;
using Basilisk.Node.Options;
using Basilisk.Node.Snapshots;
using Basilisk.Node.Training;
using Basilisk.Store;
using Basilisk.Store.Memory;
using Xunit;

namespace Basilisk.Node.Tests.Support;

/// <summary>
/// A node's chainstate, judge, mempool and trainer on a store, without HTTP and threads of its own: the test says when a block is
/// mined and what it trains. Everything in it is the real thing.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    private const int StepsPerContribution = 12;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ChainRules _rules;
    private readonly BlockAssembler _assembler;
    private readonly BatchSampler _sampler;
    private readonly bool _archive;
    private LocalModel? _model;
    private long _batch;
    private Task _writer = Task.CompletedTask;

    private TestNode(Network network, IStore store, string folder, byte keyByte, bool archive)
    {
        _archive = archive;
        Network = network;
        Store = store;
        Folder = folder;
        Key = KeyOf(keyByte);
        _rules = new ChainRules(network.Parameters, new KeccakProofOfWork());
        _assembler = new BlockAssembler(_rules);
        _sampler = new BatchSampler(network.Artefacts.Corpus, network.Parameters.Model.Shape.Context);
        Facts = new ChainFacts(network.Parameters, network.Artefacts.HoldoutBytesPerToken);
        Checkpoints = new CheckpointStore(folder, network.Parameters.Model.Shape.ParameterCount, Log.For<CheckpointStore>());
        Payloads = new PayloadBook(store.Events);
        var judge = new RoundJudge(network.Parameters, network.Artefacts.Corpus, Checkpoints, Payloads, new IntegerLossEvaluator(2));
        Outcomes = new OutcomeService(judge, Payloads, Log.For<OutcomeService>(), _stopping.Token);
        ChainLog = new ChainLog(store.Events, network.Parameters, Facts, TimeProvider.System);
        Startup = new StartupSnapshots(Path.Combine(folder, "snapshots"), Log.For<StartupSnapshots>(), spacing: 1);
        Pruning = new PayloadPruning(store.Events, ChainLog, Checkpoints, Log.For<PayloadPruning>(), !archive);
        Chainstate = new ChainstateService(_rules, ChainLog, Outcomes, Checkpoints, Payloads, TimeProvider.System, Log.For<ChainstateService>(), Startup, Pruning);
        Pool = new TransactionPool(new MempoolOptions(), TimeProvider.System);
        Book = new ContributionBook(store.Events, Pool, network.Parameters, Key, Log.For<ContributionBook>());
    }

    public Network Network { get; }

    public IStore Store { get; }

    public string Folder { get; }

    public PrivateKey Key { get; }

    public CapturedLog Log { get; } = new();

    public ChainFacts Facts { get; }

    public ChainRules Rules => _rules;

    public CheckpointStore Checkpoints { get; }

    public PayloadBook Payloads { get; }

    public OutcomeService Outcomes { get; }

    public ChainLog ChainLog { get; }

    public StartupSnapshots Startup { get; }

    public PayloadPruning Pruning { get; }

    public ChainstateService Chainstate { get; }

    /// <summary>The chain as peers see it.</summary>
    public PeerChain Chain => new(Chainstate);

    public TransactionPool Pool { get; }

    public ContributionBook Book { get; }

    /// <summary>What a contribution is made of the progress trained; null leaves it as it is.</summary>
    public Func<SparseDelta, SparseDelta>? Twist { get; set; }

    /// <summary>Fails when the writer does.</summary>
    public Task Writer => _writer;

    public ChainView View => Chainstate.Current;

    public static PrivateKey KeyOf(byte value) => PrivateKey.FromBytes(Enumerable.Repeat(value, PrivateKey.Size).ToArray());

    /// <summary>Loads the chain from the store and starts the writer.</summary>
    public static async Task<TestNode> StartAsync(IStore? store = null, string? folder = null, byte key = 1, Network? network = null, bool archive = true)
    {
        var node = new TestNode(
            network ?? TestNetwork.Instance, store ?? new MemoryStore(), folder ?? Directory.CreateTempSubdirectory("basilisk-test-").FullName, key, archive);
        node.Checkpoints.Put(node.Network.Artefacts.Checkpoint);
        await node.Chainstate.LoadAsync(CancellationToken.None);
        await node.Book.LoadAsync(node.View, CancellationToken.None);
        node.Chainstate.Subscribe(node.Pool.Follow);
        node._writer = Task.Run(() => node.Chainstate.RunAsync(node._stopping.Token));
        return node;
    }

    /// <summary>Stops this one and starts another on the same store and folder.</summary>
    public async Task<TestNode> RestartAsync()
    {
        await StopAsync();
        return await StartAsync(Store, Folder, 1, Network, _archive);
    }

    /// <summary>Mines one block on the tip and hands it in.</summary>
    public async Task<Block> MineAsync(string extra = "", bool contribute = true)
    {
        if (contribute)
        {
            await ContributeAsync();
        }

        Block block = await BuildAsync(View, extra);
        BlockSubmission submission = await Chainstate.SubmitAsync(block, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Null(submission.Refusal);
        Assert.True(submission.IsTip);
        return block;
    }

    public async Task<List<Block>> MineAsync(int count, string extra = "", bool contribute = true)
    {
        var blocks = new List<Block>();
        for (int i = 0; i < count; i++)
        {
            blocks.Add(await MineAsync(extra, contribute));
        }

        return blocks;
    }

    /// <summary>A valid block on a view, not handed in.</summary>
    public async Task<Block> BuildAsync(ChainView view, string extra = "")
    {
        RoundOutcome? outcome = _rules.NeedsOutcome(view.State) ? await Outcomes.OutcomeAsync(view, CancellationToken.None) : null;
        ulong now = Network.Parameters.GenesisTime + (ulong)view.Height;
        BlockTemplate template = _assembler.Build(
            view.State, Key.Address, Pool.Candidates(view), now, outcome, new ExtraData(System.Text.Encoding.UTF8.GetBytes(extra)));
        return Finish(template.Block);
    }

    /// <summary>Finds a nonce.</summary>
    public static Block Finish(Block block) => block.WithHeader(block.Header with
    {
        Nonce = new HeaderSearch(block.Header.PrefixForMining()).Search(0, 1 << 24, block.Header.Target.ToTarget())!.Value,
    });

    /// <summary>Hands in blocks, oldest first; the last submission.</summary>
    public async Task<BlockSubmission> SubmitAsync(IEnumerable<Block> blocks)
    {
        BlockSubmission last = null!;
        foreach (Block block in blocks)
        {
            Task<BlockSubmission> submission = Chainstate.SubmitAsync(block, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
            if (await Task.WhenAny(submission, _writer) == _writer)
            {
                await _writer; // It fell: say why.
            }

            last = await submission;
        }

        return last;
    }

    /// <summary>Trains a few steps and commits where a contribution is due; reveals where one is.</summary>
    public async Task ContributeAsync()
    {
        if (View.Phase == RoundPhase.Train && Book.CountOf(View.Round) == 0 && Book.NextUnit(View) is { } unit)
        {
            await Book.CommitAsync(View, unit, Train(unit), CancellationToken.None);
        }

        Book.Close(View);
        Book.SendMissing(View);
    }

    public SparseDelta Train(WorkUnit unit)
    {
        Exact.Checkpoints.Checkpoint current = Checkpoints.Get(View.State.ModelRoot);
        _model ??= new LocalModel(current, Network.Parameters.Payload, new TrainerOptions { WarmupSteps = 5 }, 1);
        _model.Rebase(current);
        for (int i = 0; i < StepsPerContribution; i++)
        {
            _model.Step(_sampler.DrawTraining(unit.Id, _batch++, 16));
        }

        SparseDelta progress = _model.TakeProgress();
        return Twist?.Invoke(progress) ?? progress;
    }

    /// <summary>A transfer that is signed but not sent.</summary>
    public Transaction Transfer(ulong nonce, Address to, UInt256 value, ulong gwei = 2, PrivateKey? key = null) => UnsignedTransaction.DynamicFee(
        Network.Parameters.ChainId, nonce, (UInt256)gwei * Bsk.Gwei, (UInt256)(10 * gwei) * Bsk.Gwei, 21_000, to, value, Array.Empty<byte>()).Sign(key ?? Key);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _writer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (Outcomes.IsJudging)
        {
            await Task.Delay(5); // It looks at the cancellation between evaluations, and writes its checkpoint into the folder.
        }

        await Startup.DisposeAsync();
        await Pruning.DisposeAsync();
        _model?.Dispose();
        _model = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        for (int left = 50; Directory.Exists(Folder); left--)
        {
            try
            {
                Directory.Delete(Folder, recursive: true);
            }
            catch (IOException) when (left > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50)); // A judgement that was cut short may still be writing its checkpoint.
            }
        }
    }
}
