using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Validation;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Hosting;
using Basilisk.Node.Judging;
using Basilisk.Node.Mempool;
using Basilisk.Node.Mining;
using Basilisk.Node.Options;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Cli.Bench;

/// <summary>A whole node in this process, its events in memory, that takes and dials peers on loopback. The bench says when it mines.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    private const long MostNonces = 1 << 24;

    private readonly string _folder;
    private readonly NodeHost _host;
    private readonly BlockAssembler _assembler;

    private BenchNode(string folder, NodeHost host)
    {
        (_folder, _host) = (folder, host);
        _assembler = new BlockAssembler(Get<ChainRules>());
    }

    public ChainstateService Chain => Get<ChainstateService>();

    public TransactionPool Pool => Get<TransactionPool>();

    public PeerMeter Meter => Get<PeerMeter>();

    public TransportCounters Transport => Get<TransportCounters>();

    public PrivateKey Key => Get<PrivateKey>();

    public string Address => _host.PeerAddress!;

    public int Peers => Get<LivePeers>().All.Count;

    /// <param name="network">Folder of the network.</param>
    /// <param name="join">Peers to join; it dials no others.</param>
    /// <param name="trains">Whether it trains and mines by itself.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<BenchNode> StartAsync(string network, IReadOnlyList<string> join, bool trains, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("basilisk-bench-").FullName;
        var options = new NodeOptions
        {
            Network = network,
            DataDirectory = folder,
            Storage = { InMemory = true },
            Http = { Listen = "127.0.0.1:0" },
            Training = { Enabled = trains, Threads = 1 },
            Mining = { Enabled = trains, DutyCycle = 0.1 },
            Mempool = { PerSender = 1_024 },
            Peers = { Listen = "127.0.0.1:0", Join = join, Outbound = 0 },
        };
        try
        {
            return new BenchNode(folder, await NodeHost.StartAsync(options, fresh: false, _ => { }, TimeProvider.System, cancellation));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A block on the tip, its work done, not handed in.</summary>
    /// <param name="candidates">Transactions to put in.</param>
    /// <param name="time">Time to state, Unix seconds; raised to the earliest the rules allow.</param>
    /// <param name="cancellation">Ends the wait for a round's result.</param>
    public async Task<Block> BuildAsync(IEnumerable<CandidateTransaction> candidates, ulong time, CancellationToken cancellation)
    {
        ChainView view = Chain.Current;
        RoundOutcome? outcome = Get<ChainRules>().NeedsOutcome(view.State) ? await Get<OutcomeService>().OutcomeAsync(view, cancellation) : null;
        BlockTemplate template = _assembler.Build(view.State, Key.Address, candidates, time, outcome);
        var search = new HeaderSearch(template.Block.Header.PrefixForMining());
        return template.WithNonce(search.Search(0, MostNonces, template.Block.Header.Target.ToTarget())
            ?? throw new InvalidOperationException("The test network's target was missed millions of times."));
    }

    /// <summary>Hands a block in; it must be taken.</summary>
    public async Task SubmitAsync(Block block, CancellationToken cancellation)
    {
        if ((await Chain.SubmitAsync(block, cancellation)).Refusal is { } refusal)
        {
            throw new InvalidOperationException($"The bench's own block was refused: {refusal}");
        }
    }

    /// <summary>Completes when the block, or one on top of it, is this node's tip: with the moment.</summary>
    public async Task<long> AtAsync(long height, TimeProvider time, CancellationToken cancellation)
    {
        var reached = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = Chain.Subscribe(change =>
        {
            if (change.View.Height >= height)
            {
                reached.TrySetResult(time.GetTimestamp());
            }
        });
        return Chain.Current.Height >= height ? time.GetTimestamp() : await reached.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();
}
