using System.Text.Json;
using System.Text.Json.Serialization;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Judging;
using Basilisk.Model.Training;
using Basilisk.Node.Api;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Judging;
using Basilisk.Node.Mempool;
using Basilisk.Node.Mining;
using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Projections;
using Basilisk.Node.Snapshots;
using Basilisk.Node.Training;
using Basilisk.Node.Wallets;
using Basilisk.Store;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Hosting;

/// <summary>
/// A running node. Opens, in order: data directory, key, network, store, chain; then starts writer, projections, HTTP, miner and
/// trainer. Stops them in the opposite order, so that what was begun is in the log before the store closes.
/// </summary>
public sealed class NodeHost : IAsyncDisposable
{
    /// <summary>How long open requests may take to end when the node stops; streams are cut then.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(3);

    private readonly DataDirectory _directory;
    private readonly PrivateKey _key;
    private readonly IStore _store;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;
    private readonly CancellationTokenSource _workersStopping = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _workers = [];
    private readonly List<Task> _foundation = [];
    private bool _serves;

    private NodeHost(DataDirectory directory, PrivateKey key, IStore store, WebApplication app, CancellationTokenSource stopping)
    {
        _directory = directory;
        _key = key;
        _store = store;
        _app = app;
        _stopping = stopping;
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>URL of the HTTP surface, with the port that was bound.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Where peers may connect; null where none may.</summary>
    public string? PeerAddress => Services.GetRequiredService<PeerNetwork>().ListeningOn?.ToString();

    /// <summary>Fails as soon as a part of the node fails for good; never completes otherwise.</summary>
    public Task Failure => _failure.Task;

    /// <summary>Errors logged since the start.</summary>
    public int ErrorCount => _app.Services.GetRequiredService<ErrorCounter>().Count;

    /// <param name="options">Validated settings.</param>
    /// <param name="fresh">Start over: everything but the keys is removed first.</param>
    /// <param name="say">Told what is being done, for the terminal.</param>
    /// <param name="time">The machine's clock.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="NodeException">The derived type names the cause and the next step.</exception>
    public static async Task<NodeHost> StartAsync(NodeOptions options, bool fresh, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        options.Validate();
        time = options.Clock.Clock(time);
        DataDirectory directory = DataDirectory.Open(options.DataDirectory);
        PrivateKey? key = null;
        IStore? store = null;
        NodeHost host;
        Network network;
        try
        {
            if (fresh)
            {
                await directory.ClearAsync(time, cancellation);
            }

            key = await NodeKey.OpenAsync(directory.Keystore, options.PasswordFile, cancellation);
            var errors = new ErrorCounter();
            network = await NetworkOpener.OpenAsync(options, directory, errors, say, time, cancellation);
            store = await StoreOpener.OpenAsync(options.Storage, directory, errors, time, cancellation);
            var stopping = new CancellationTokenSource();
            host = new NodeHost(directory, key, store, Build(options, directory, key, network, store, errors, time, stopping.Token), stopping);
        }
        catch
        {
            await EndFailedStartAsync(() => store?.DisposeAsync() ?? ValueTask.CompletedTask, say);
            key?.Dispose();
            directory.Dispose();
            throw;
        }

        try
        {
            await host.BeginAsync(options, network, cancellation);
            return host;
        }
        catch
        {
            await EndFailedStartAsync(host.DisposeAsync, say);
            throw;
        }
    }

    /// <summary>Why the start failed is what is reported; where stopping fails too, that is said beside it.</summary>
    private static async Task EndFailedStartAsync(Func<ValueTask> end, Action<string> say)
    {
        try
        {
            await end();
        }
        catch (Exception error)
        {
            say($"stopping failed too: {error.Message}");
        }
    }

    /// <summary>Stops the node. Whatever failed before, the store is closed and its server stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await _workersStopping.CancelAsync();
        await EndedAsync(_workers);
        try
        {
            await (_serves ? _app.StopAsync() : Task.CompletedTask); // Where a part could not be made there is nothing to stop, and the attempt throws.
        }
        finally
        {
            await _stopping.CancelAsync();
            await EndedAsync(_foundation);
            await CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await _app.DisposeAsync();
        }
        finally
        {
            await _store.DisposeAsync();
            _key.Dispose();
            _directory.Dispose();
            _stopping.Dispose();
            _workersStopping.Dispose();
        }
    }

    private async Task BeginAsync(NodeOptions options, Network network, CancellationToken cancellation)
    {
        Services.GetRequiredService<CheckpointStore>().Put(network.Artefacts.Checkpoint);
        ChainstateService chainstate = Services.GetRequiredService<ChainstateService>();
        await chainstate.LoadAsync(cancellation);
        chainstate.Subscribe(Services.GetRequiredService<TransactionPool>().Follow);
        Run(_foundation, () => chainstate.RunAsync(_stopping.Token));
        Run(_foundation, () => Services.GetRequiredService<ProjectionRunner>().RunAsync(_stopping.Token));
        await StartHttpAsync(_app, options, cancellation);
        _serves = true;
        Services.GetRequiredService<BlockAnnouncing>(); // It listens to the chain from now on.
        PeerService peers = Services.GetRequiredService<PeerService>();
        await peers.ListenAsync(cancellation);
        Run(_workers, () => peers.RunAsync(_workersStopping.Token));
        StartWorkers(options);
    }

    private void StartWorkers(NodeOptions options)
    {
        Run(_workers, () => Services.GetRequiredService<PrimerService>().RunAsync(_workersStopping.Token));
        if (options.Mining.Enabled)
        {
            Run(_workers, () => Services.GetRequiredService<MiningService>().RunAsync(_workersStopping.Token));
        }

        if (options.Training.Enabled)
        {
            Run(_workers, () => Services.GetRequiredService<TrainingService>().RunAsync(_workersStopping.Token));
        }
    }

    // On a thread of its own until its first wait: the trainer and the miner compute without pause.
    private void Run(List<Task> tasks, Func<Task> work)
    {
        Task task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        task.ContinueWith(
            failed => _failure.TrySetException(failed.Exception!.InnerExceptions),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        tasks.Add(task);
    }

    private static async Task StartHttpAsync(WebApplication app, NodeOptions options, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException error) when (error.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new PortInUseException(options.Http.Listen, error);
        }
    }

    private static WebApplication Build(
        NodeOptions options, DataDirectory directory, PrivateKey key, Network network, IStore store, ErrorCounter errors, TimeProvider time, CancellationToken stopping)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls("http://" + options.Http.Listen);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = options.Http.MaxBodyBytes);
        NodeLogging.Configure(builder.Logging, directory, errors, time);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        AddNode(builder.Services, options, directory, key, network, store, errors, time, stopping);
        builder.Services.AddNodeApi(options);
        WebApplication app = builder.Build();
        app.MapNodeApi();
        return app;
    }

    internal static void AddNode(
        IServiceCollection services, NodeOptions options, DataDirectory directory, PrivateKey key, Network network, IStore store, ErrorCounter errors, TimeProvider time, CancellationToken stopping)
    {
        services.AddSingleton(time).AddSingleton(options).AddSingleton(options.Mempool).AddSingleton(options.Mining).AddSingleton(options.Training);
        services.AddSingleton(Api.Control.ControlToken.Open(directory.Root));
        services.AddSingleton(key).AddSingleton(network).AddSingleton(network.Parameters).AddSingleton(network.Artefacts).AddSingleton(errors);
        services.AddSingleton(network.Artefacts.Corpus).AddSingleton(network.Artefacts.Tokenizer);
        services.AddSingleton(store).AddSingleton(store.Events).AddSingleton<Store.Documents.IDocumentReader>(store.Documents);
        services.AddSingleton(new ChainRules(network.Parameters, new KeccakProofOfWork()));
        services.AddSingleton(new ChainFacts(network.Parameters, network.Artefacts.HoldoutBytesPerToken));
        services.AddSingleton<ILossEvaluator>(new IntegerLossEvaluator(Environment.ProcessorCount));
        services.AddSingleton(provider => new CheckpointStore(
            directory.Checkpoints, network.Parameters.Model.Shape.ParameterCount, provider.GetRequiredService<ILogger<CheckpointStore>>()));
        services.AddSingleton(provider => new StartupSnapshots(directory.Snapshots, provider.GetRequiredService<ILogger<StartupSnapshots>>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PayloadPruning>(provider, (ILogger)provider.GetRequiredService<ILogger<PayloadPruning>>(), !options.Peers.Archive));
        services.AddSingleton<PayloadBook>().AddSingleton<RoundJudge>().AddSingleton<ChainLog>().AddSingleton<ChainstateService>().AddSingleton<Peers.IPeerChain, PeerChain>();
        services.AddSingleton(provider => new OutcomeService(
            provider.GetRequiredService<RoundJudge>(), provider.GetRequiredService<PayloadBook>(), provider.GetRequiredService<ILogger<OutcomeService>>(), stopping));
        services.AddPeers(options, directory, network);
        services.AddSingleton<TransactionPool>().AddSingleton<MiningMeter>().AddSingleton<TrainingMeter>().AddSingleton<PrimerService>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<MiningService>(provider, key.Address));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ContributionBook>(provider, (ILogger)provider.GetRequiredService<ILogger<ContributionBook>>()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TrainingService>(provider, new TrainerOptions { PeakLearningRate = options.Training.LearningRate }, directory.Training));
        services.AddSingleton(provider => new ProjectionRunner(store, ProjectionSet.All(), Telling(provider.GetRequiredService<ILogger<ProjectionRunner>>()), time));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Status.NodeStatus>(provider, key.Address));
        services.AddSingleton<INodeStatusSource>(provider => provider.GetRequiredService<Status.NodeStatus>());
        services.AddSingleton<IChainFacts>(provider => provider.GetRequiredService<Status.NodeStatus>());
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });
    }

    private static ProjectionRunnerOptions Telling(ILogger log) => new()
    {
        Failed = error => log.ProjectionStopped(error, error.Projection, error.Sequence),
        Waiting = (name, error) => log.ProjectionWaiting(name, error.Message),
        Outdated = (name, reason) => log.ProjectionDerivedAnew(name, reason.Message),
    };

    // They end by cancellation; one that failed has said so through Failure.
    private static async Task EndedAsync(IEnumerable<Task> tasks) =>
        await ((Task)Task.WhenAll(tasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
