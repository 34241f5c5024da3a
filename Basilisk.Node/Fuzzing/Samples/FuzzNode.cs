using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Node.Api;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Genesis;
using Basilisk.Node.Hosting;
using Basilisk.Node.Judging;
using Basilisk.Node.Mempool;
using Basilisk.Node.Mining;
using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Node.Training;
using Basilisk.Store.Memory;
using Basilisk.Store.Projections;
using Microsoft.AspNetCore.Hosting.Server;

namespace Basilisk.Node.Fuzzing.Samples;

/// <summary>
/// A node of the test network in this process: the real chain, judge, projections and HTTP pipeline, on a store in memory and without
/// a socket. It has mined a round with one contribution in it, always the same one but for its salt.
/// </summary>
internal sealed class FuzzNode : IAsyncDisposable
{
    private const ulong GenesisTime = 1_700_000_000;
    private const int Blocks = 8;
    private const int EntriesPerChunk = 24;

    private readonly DataDirectory _directory;
    private readonly PrivateKey _key;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;
    private readonly Task _writer;

    private FuzzNode(DataDirectory directory, PrivateKey key, Network network, WebApplication app, DirectServer server, CancellationTokenSource stopping)
    {
        _directory = directory;
        _key = key;
        _app = app;
        _stopping = stopping;
        Network = network;
        Server = server;
        _writer = Services.GetRequiredService<ChainstateService>().RunAsync(stopping.Token);
    }

    public Network Network { get; }

    public DirectServer Server { get; }

    public PrivateKey Key => _key;

    public IServiceProvider Services => _app.Services;

    /// <summary>The blocks mined, lowest first.</summary>
    public List<Block> Chain { get; } = [];

    /// <summary>The result of the round with the contribution.</summary>
    public RoundOutcome Outcome { get; private set; } = null!;

    public static async Task<FuzzNode> StartAsync(CancellationToken cancellation)
    {
        DataDirectory directory = DataDirectory.Open(Directory.CreateTempSubdirectory("basilisk-fuzz-").FullName);
        PrivateKey key = PrivateKey.FromBytes([.. Enumerable.Repeat((byte)1, PrivateKey.Size)]);
        Network network = NetworkFolder.Create(directory.Network, "test", GenesisTime, 1, null, cancellation);
        var server = new DirectServer();
        var stopping = new CancellationTokenSource();
        WebApplication app = Build(directory, key, network, server, stopping.Token);
        app.Services.GetRequiredService<CheckpointStore>().Put(network.Artefacts.Checkpoint);
        ChainstateService chainstate = app.Services.GetRequiredService<ChainstateService>();
        await chainstate.LoadAsync(cancellation);
        chainstate.Subscribe(app.Services.GetRequiredService<TransactionPool>().Follow);
        var node = new FuzzNode(directory, key, network, app, server, stopping);
        await app.StartAsync(cancellation);
        await node.MineAsync(cancellation);
        await app.Services.GetRequiredService<ProjectionRunner>().CatchUpAsync(cancellation);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _stopping.CancelAsync();
        await _writer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It ends by cancellation.
        await _app.DisposeAsync();
        _key.Dispose();
        _stopping.Dispose();
        string root = _directory.Root;
        _directory.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private static WebApplication Build(DataDirectory directory, PrivateKey key, Network network, DirectServer server, CancellationToken stopping)
    {
        var options = new NodeOptions { Network = "test", DataDirectory = directory.Root, Storage = { InMemory = true }, Mining = { Enabled = false }, Training = { Enabled = false } };
        var errors = new ErrorCounter();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        NodeLogging.Configure(builder.Logging, directory, errors, TimeProvider.System);
        NodeHost.AddNode(builder.Services, options, directory, key, network, new MemoryStore(), errors, TimeProvider.System, stopping);
        builder.Services.AddNodeApi(options);
        builder.Services.AddSingleton<IServer>(server);
        WebApplication app = builder.Build();
        app.MapNodeApi();
        return app;
    }

    private async Task MineAsync(CancellationToken cancellation)
    {
        ChainstateService chainstate = Services.GetRequiredService<ChainstateService>();
        OutcomeService outcomes = Services.GetRequiredService<OutcomeService>();
        ChainRules rules = Services.GetRequiredService<ChainRules>();
        while (Chain.Count < Blocks)
        {
            ChainView view = chainstate.Current;
            await ContributeAsync(view, cancellation);
            RoundOutcome? outcome = rules.NeedsOutcome(view.State) ? await outcomes.OutcomeAsync(view, cancellation) : null;
            Outcome = outcome ?? Outcome;
            ulong time = Network.Parameters.GenesisTime + (ulong)view.Height;
            BlockTemplate template = new BlockAssembler(rules).Build(
                view.State, _key.Address, Services.GetRequiredService<TransactionPool>().Candidates(view), time, outcome, new ExtraData("fuzz"u8));
            BlockHeader header = template.Block.Header;
            ulong nonce = new HeaderSearch(header.PrefixForMining()).Search(0, 1 << 24, header.Target.ToTarget())
                ?? throw new InvalidOperationException("The test network's target was not met.");
            Block block = template.WithNonce(nonce);
            BlockSubmission submission = await chainstate.SubmitAsync(block, cancellation);
            if (submission.Refusal is { } refusal)
            {
                throw new InvalidOperationException($"A block of one's own was refused: {refusal}.");
            }

            Chain.Add(block);
        }
    }

    private async Task ContributeAsync(ChainView view, CancellationToken cancellation)
    {
        ContributionBook book = Services.GetRequiredService<ContributionBook>();
        if (book.CountOf(view.Round) == 0 && view.Phase == Basilisk.Chain.Parameters.RoundPhase.Train && book.NextUnit(view) is WorkUnit unit)
        {
            await book.CommitAsync(view, unit, Delta(Network.Parameters.Model.Shape.ParameterCount), cancellation);
        }

        book.SendMissing(view);
    }

    private static SparseDelta Delta(int weights)
    {
        var stream = new SeedStream(Hash256.Zero, "fuzz-delta");
        var entries = new SortedDictionary<int, int>();
        for (int chunk = 0; chunk < PayloadCodec.ChunkCount(weights); chunk++)
        {
            int first = chunk * PayloadCodec.ChunkWeights;
            for (int i = 0; i < EntriesPerChunk; i++)
            {
                int level = 1 + (int)stream.NextBelow(4);
                entries[first + (int)stream.NextBelow((ulong)Math.Min(PayloadCodec.ChunkWeights, weights - first))] = (stream.NextBelow(2) == 0 ? level : -level) << 10;
            }
        }

        return new SparseDelta(weights, [.. entries.Keys], [.. entries.Values]);
    }
}
