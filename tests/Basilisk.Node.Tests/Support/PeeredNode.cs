using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Model.Genesis;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Genesis;
using Basilisk.Node.Options;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Sync;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Snapshots;
using Basilisk.Store;
using Microsoft.Extensions.Logging;

namespace Basilisk.Node.Tests.Support;

/// <summary>
/// A test node among others: the real conversations over real connections on a loopback port, on the real chain of the test network.
/// The test says when a block is mined; everything else happens by itself.
/// </summary>
internal sealed class PeeredNode : IAsyncDisposable, IPeerHandler
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggerFactory _logs;
    private readonly RequestRouter _router;
    private readonly TransactionRelay _transactions;
    private readonly BlockAnnouncing _announcing;
    private readonly Conversations _conversations;
    private Task _blaming = Task.CompletedTask;
    private Task _syncing = Task.CompletedTask;

    private PeeredNode(TestNode node, bool isCurrent, bool fast, TimeProvider time, TransportLimits? limits, PeerOptions options, string? networkFolder)
    {
        Node = node;
        _logs = new LoggerFactory([Log]);
        Chain = new PeerChain(node.Chainstate);
        Gate = new SyncGate(isCurrent);
        Book = new AddressBook(time, Random.Shared.Next, null, Log.For<AddressBook>());
        _router = new RequestRouter(atOnce: 1, new RepeatedRequests(time));
        var addresses = new AddressFlow(Book, Live, () => null, time);
        var mempool = new MempoolFlow(node.Pool, Gate, Meter);
        _transactions = new TransactionRelay(Chain, node.Pool, Gate, Meter, options, time);
        _announcing = new BlockAnnouncing(Chain, Live, Meter);
        Blame = new BlockBlame(_logs.CreateLogger<BlockBlame>());
        var blocks = new BlockRelay(Chain, node.Pool, Live, Claims, Blame, Meter, time, _logs.CreateLogger<BlockRelay>());
        var chunks = new CheckpointChunks(node.Checkpoints);
        var data = new DataServing(node.Network.Artefacts.Corpus, node.Network.Artefacts.Tokenizer, chunks);
        var snapshots = new SnapshotServing(node.Chainstate.Snapshots);
        _router.Serve<GetAddresses>(addresses.AnswerAsync)
            .Serve<GetHeaders>(new HeaderServing(Chain).AnswerAsync)
            .Serve<GetBlocks>(new BlockServing(Chain, Meter, options).AnswerAsync)
            .Serve<GetBlockParts>(_announcing.AnswerAsync)
            .Serve<GetTransactions>(_transactions.AnswerAsync)
            .Serve<GetData>(data.AnswerAsync)
            .Serve<GetSnapshot>(snapshots.AnswerAsync)
            .Serve<GetStateChunk>(snapshots.AnswerAsync)
            .Serve<GetNetwork>(new NetworkFlow(FileOf(networkFolder, NetworkFolder.ParametersFile), FileOf(networkFolder, GenesisFolder.ManifestFile)).AnswerAsync);
        _conversations = new Conversations(Live, _router, addresses, mempool, _transactions, blocks, time, _logs.CreateLogger<Conversations>());
        Headers = new HeaderSync(Chain, Live, Meter, time, _logs.CreateLogger<HeaderSync>());
        Download = new BlockDownload(Chain, Live, Claims, Blame, Meter, time, _logs.CreateLogger<BlockDownload>());
        var enter = new SnapshotChain(node.Chainstate);
        var fastSync = new FastSync(enter, node.Rules, Live.ServingSnapshots, node.Checkpoints, _logs.CreateLogger<FastSync>());
        Snapshot = new SnapshotStage(fastSync, enter, () => Live.All.Count > 0 && !Headers.IsBehind, fast, time, _logs.CreateLogger<SnapshotStage>());
        Sync = new SyncStatus(Chain, Live, Headers, Gate, () => node.Outcomes.IsJudging, () => Snapshot.IsRunning, time, _logs.CreateLogger<SyncStatus>());
        Policy = new PeerPolicy(new PeerScores(time), new BanList(time, null, Log.For<BanList>()), Log.For<PeerPolicy>());
        Peers = new PeerNetwork(
            new LocalPeer(Identity, new MessageCodec(node.Network.Parameters), Say, this),
            Policy,
            options,
            new TransportCounters(),
            time,
            _logs,
            limits);
        Peers.Connected += _conversations.Connected;
        Peers.Disconnected += (peer, reason) =>
        {
            _conversations.Disconnected(peer);
            lock (Ends)
            {
                Ends.Add(reason);
            }
        };
    }

    public TestNode Node { get; }

    public IPeerChain Chain { get; }

    public CapturedLog Log { get; } = new();

    public LivePeers Live { get; } = new();

    public BlockClaims Claims { get; } = new();

    public BlockBlame Blame { get; }

    public PeerMeter Meter { get; } = new();

    public SyncGate Gate { get; }

    public IAddressBook Book { get; }

    public HeaderSync Headers { get; }

    public SnapshotStage Snapshot { get; }

    public BlockDownload Download { get; }

    public SyncStatus Sync { get; }

    public PeerPolicy Policy { get; }

    public PeerNetwork Peers { get; }

    public PeerIdentity Identity { get; } = PeerIdentity.Create();

    public List<Goodbye> Ends { get; } = [];

    public IPEndPoint Address => Peers.ListeningOn!;

    public Hash256 Tip => Node.View.Hash;

    /// <summary>Starts a node with the key of a byte.</summary>
    /// <param name="key">Whose blocks and contributions.</param>
    /// <param name="isCurrent">Whether it takes itself for current at the start.</param>
    /// <param name="syncs">Whether headers and blocks are fetched.</param>
    /// <param name="time">The clock of the conversations.</param>
    /// <param name="limits">Bounds of the connections.</param>
    /// <param name="options">The operator's choices; where it listens is the test's.</param>
    /// <param name="networkFolder">Folder of another network than the tests' usual one.</param>
    public static async Task<PeeredNode> StartAsync(
        byte key = 1, bool isCurrent = true, bool syncs = true, TimeProvider? time = null, TransportLimits? limits = null, PeerOptions? options = null,
        string? networkFolder = null, bool fast = false, IStore? store = null)
    {
        Network? network = networkFolder is null ? null : NetworkFolder.Load(networkFolder, CancellationToken.None);
        PeerOptions chosen = options ?? new PeerOptions();
        chosen.Listen = "127.0.0.1:0";
        var node = new PeeredNode(await TestNode.StartAsync(store, key: key, network: network), isCurrent, fast, time ?? TimeProvider.System, limits, chosen, networkFolder);
        node._blaming = node.Blame.RunAsync(node._stopping.Token);
        await node.Peers.ListenAsync(CancellationToken.None);
        if (syncs)
        {
            node.Begin();
        }

        return node;
    }

    /// <summary>Fetches headers and blocks from now on.</summary>
    public void Begin() =>
        _syncing = Task.WhenAll(Headers.RunAsync(_stopping.Token), BodiesAsync(), Sync.RunAsync(_stopping.Token));

    private async Task BodiesAsync()
    {
        await Snapshot.RunAsync(_stopping.Token);
        await Download.RunAsync(_stopping.Token);
    }

    public ValueTask HandleAsync(IPeer peer, PeerMessage message, CancellationToken cancellation) => _conversations.HandleAsync(peer, message, cancellation);

    public Hello Say() => new(
        Hello.CurrentVersion, Node.Network.Parameters.Hash, Node.View.Hash, Node.View.State.Height, Node.View.State.Head.TotalWork, PeerServices.Blocks | PeerServices.Snapshots, 0,
        (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), "test/1");

    /// <summary>Dials another node; the connection must be taken.</summary>
    public async Task<IPeer> JoinAsync(PeeredNode other)
    {
        Verdict<IPeer> dialled = await Peers.DialAsync(other.Address, CancellationToken.None).WaitAsync(Eventually.Patience);
        await Eventually.TrueAsync(() => other.Live.All.Any(peer => peer.Peer.Id == Identity.Id));
        return dialled.Value;
    }

    /// <summary>A scripted peer that this node has taken.</summary>
    public async Task<ScriptedPeer> MeetAsync(Hello? hello = null, PeerIdentity? identity = null)
    {
        ScriptedPeer peer = await ScriptedPeer.JoinAsync(Address, hello, identity);
        await Eventually.TrueAsync(() => Live.All.Any(live => live.Peer.Id == peer.Id));
        return peer;
    }

    /// <summary>Waits until this node's tip is a block.</summary>
    public Task AtAsync(Hash256 tip) => Eventually.TrueAsync(() => Tip == tip);

    /// <summary>Waits until a peer is banned, and says for what.</summary>
    public async Task<string> BanOfAsync(PeerId peer)
    {
        await Eventually.TrueAsync(() => Policy.Bans.IsBanned(peer));
        return Policy.Bans.Current.First(ban => ban.Peer == peer).Reason;
    }

    private static byte[] FileOf(string? folder, string name) => folder is null ? [] : File.ReadAllBytes(Path.Combine(folder, name));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _syncing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _blaming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Peers.DisposeAsync();
        _transactions.Dispose();
        _announcing.Dispose();
        _router.Dispose();
        Identity.Dispose();
        await Node.DisposeAsync();
    }
}
