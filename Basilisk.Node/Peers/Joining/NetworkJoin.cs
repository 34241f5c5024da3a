using System.Globalization;
using System.Net;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Model.Genesis;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Dialling;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers.Joining;

/// <summary>
/// Joins a network with nothing but an address: asks peers what network they are on, derives its parameters, compares their hash with
/// the handshake and with the user's word, fetches tokenizer, corpus and first checkpoint by hash, and writes the network's folder.
/// What was fetched before a restart is not fetched again.
/// </summary>
public sealed class NetworkJoin : IPeerHandler
{
    /// <summary>How long peers are tried before the node gives up and says so.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PeerOptions _options;
    private readonly string _root;
    private readonly string _target;
    private readonly Action<string> _say;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;

    /// <param name="options">Whom to join, and the hash that the user expects.</param>
    /// <param name="root">The data directory.</param>
    /// <param name="target">The network's folder in it; made at the end, whole.</param>
    /// <param name="say">Told of progress.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">For the connections' lines.</param>
    public NetworkJoin(PeerOptions options, string root, string target, Action<string> say, TimeProvider time, ILoggerFactory logs)
    {
        (_options, _root, _target, _say, _time, _logs) = (options, root, target, say, time, logs);
    }

    private static MessageCodec Codec { get; } = new(MessageCaps.Bootstrap);

    /// <exception cref="JoinFailedException">No peer answers, or none gives what is missing.</exception>
    /// <exception cref="NetworkHashMismatchException">The peers are on another network than the user named.</exception>
    /// <exception cref="DataDirectoryUnusableException">The files cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeerIdentity identity = PeerIdentity.Create(); // Nobody needs to know a node that has no chain yet.
        ILogger log = _logs.CreateLogger<NetworkJoin>();
        var policy = new PeerPolicy(new PeerScores(_time), new BanList(_time, null, log), log);
        var options = new PeerOptions { Listen = null, Outbound = Math.Max(8, _options.Join.Count), PerAddress = 64 };
        await using var network = new PeerNetwork(new LocalPeer(identity, Codec, Hello, this), policy, options, new TransportCounters(), _time, _logs);
        try
        {
            await RunAsync(network, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryUnusableException(_root, error);
        }

        await network.StopAsync(cancellation);
    }

    // A node without a network serves nothing; requests of others are answered so.
    public async ValueTask HandleAsync(IPeer peer, PeerMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (message is PeerRequest request)
        {
            await peer.SendAsync(new NotServed(request.RequestId, PeerTokens.NotServed), cancellation);
        }
    }

    private Hello Hello() => new(
        Messages.Hello.CurrentVersion, Hash256.Zero, Hash256.Zero, 0, UInt256.Zero, PeerServices.None, 0, (ulong)_time.GetUtcNow().ToUnixTimeSeconds(), PeerAgent.Name);

    private async Task RunAsync(PeerNetwork network, CancellationToken cancellation)
    {
        long started = _time.GetTimestamp();
        var pause = new BackOff(TimeSpan.FromSeconds(8));
        string last = "nobody was asked yet";
        while (true)
        {
            await ConnectAsync(network, why => last = why, cancellation);
            foreach (IGrouping<Hash256, IPeer> side in Sides(network.Peers))
            {
                if (await TryAsync([.. side], why => last = why, cancellation))
                {
                    return;
                }
            }

            if (_time.GetElapsedTime(started) > Patience)
            {
                throw new JoinFailedException(string.Join(", ", _options.Join), last);
            }

            TimeSpan wait = pause.Next();
            _say(string.Create(CultureInfo.InvariantCulture, $"joining: {last}; trying again in {wait.TotalSeconds:0} s"));
            await Task.Delay(wait, _time, cancellation);
        }
    }

    private async Task ConnectAsync(PeerNetwork network, Action<string> failed, CancellationToken cancellation)
    {
        foreach (string text in _options.Join)
        {
            PeerName name = PeerName.Parse(text);
            IReadOnlyList<IPEndPoint> places = await name.ResolveAsync(cancellation);
            if (places.Count == 0)
            {
                failed($"the name {name.Host} is not known");
            }

            foreach (IPEndPoint place in places)
            {
                if (network.Peers.Any(peer => peer.Remote.Equals(PeerAddress.Normalise(place))))
                {
                    break;
                }

                Verdict<IPeer> dialled = await network.DialAsync(place, cancellation);
                if (dialled.TryGet(out _, out Refusal? refusal))
                {
                    break;
                }

                failed($"{place}: {refusal.Detail.TrimEnd('.')} ({refusal.Token})");
            }
        }
    }

    /// <summary>Peers by the network they name, the biggest group first; where the user named one, that alone.</summary>
    private IEnumerable<IGrouping<Hash256, IPeer>> Sides(IReadOnlyCollection<IPeer> peers)
    {
        IPeer[] withNetwork = [.. peers.Where(peer => !peer.IsBootstrap)];
        if (_options.NetworkHash is not { } expected)
        {
            return withNetwork.GroupBy(peer => peer.Hello.Network).OrderByDescending(side => side.Count());
        }

        return withNetwork.Length > 0 && withNetwork.All(peer => peer.Hello.Network != expected)
            ? throw new NetworkHashMismatchException(expected.ToString(), withNetwork[0].Hello.Network.ToString(), withNetwork[0].Remote.ToString())
            : withNetwork.Where(peer => peer.Hello.Network == expected).GroupBy(peer => peer.Hello.Network);
    }

    private async Task<bool> TryAsync(IReadOnlyList<IPeer> peers, Action<string> failed, CancellationToken cancellation)
    {
        foreach (IPeer peer in peers)
        {
            Verdict<NetworkDescription> answer = await peer.AskAsync<NetworkDescription>(new GetNetwork(0), cancellation);
            if (!answer.TryGet(out NetworkDescription? description, out Refusal? refusal))
            {
                failed($"{peer.Remote}: {refusal.Detail.TrimEnd('.')} ({refusal.Token})");
                continue;
            }

            if (NetworkOffer.TryRead(description) is not { } offer || await SizesAsync(peer, offer, cancellation) is not { } sizes)
            {
                failed($"{peer.Remote} describes no network that this version can be on");
                continue;
            }

            if (sizes.Parameters.Hash != peer.Hello.Network)
            {
                peer.Report(Offence.Malformed, new Refusal(
                    RefusalKind.Isolation, PeerTokens.NetworkMismatch, $"Described the network {sizes.Parameters.Hash}, but named {peer.Hello.Network}."));
                failed($"{peer.Remote} described another network than it named");
                continue;
            }

            if (await FetchAsync(peers, offer, sizes, cancellation))
            {
                return true;
            }

            failed("no peer gives all of the network's files");
        }

        return false;
    }

    private static async Task<NetworkSizes?> SizesAsync(IPeer peer, NetworkOffer offer, CancellationToken cancellation)
    {
        DataChunk? corpus = await DataFetch.ChunkAsync(peer, DataKind.Corpus, offer.Roots.Corpus, 0, cancellation);
        DataChunk? checkpoint = corpus is null ? null : await DataFetch.ChunkAsync(peer, DataKind.Checkpoint, offer.Roots.Checkpoint, 0, cancellation);
        return checkpoint is null ? null : offer.TryDerive(corpus!.Bytes.Span, checkpoint.Bytes.Span);
    }

    private async Task<bool> FetchAsync(IReadOnlyList<IPeer> peers, NetworkOffer offer, NetworkSizes sizes, CancellationToken cancellation)
    {
        NetworkParameters parameters = sizes.Parameters;
        _say($"joining network {parameters.Name} (chain id {parameters.ChainId}), parameters {parameters.Hash}");
        string folder = Path.Combine(_root, "joining", parameters.Hash.ToString());
        Directory.CreateDirectory(folder);
        string tokenizer = Path.Combine(folder, GenesisFolder.TokenizerFile);
        if (!File.Exists(tokenizer) && !await FetchTokenizerAsync(peers, offer, tokenizer, cancellation))
        {
            return false;
        }

        if (!await FillAsync(peers, DataKind.Corpus, offer.Roots.Corpus, sizes.CorpusBytes, Path.Combine(folder, GenesisFolder.CorpusFile), "corpus", cancellation)
            || !await FillAsync(peers, DataKind.Checkpoint, offer.Roots.Checkpoint, sizes.CheckpointBytes, Path.Combine(folder, GenesisFolder.CheckpointFile), "first checkpoint", cancellation))
        {
            return false;
        }

        await FinishAsync(folder, offer, parameters, cancellation);
        return true;
    }

    private static async Task<bool> FetchTokenizerAsync(IReadOnlyList<IPeer> peers, NetworkOffer offer, string file, CancellationToken cancellation)
    {
        foreach (IPeer peer in peers)
        {
            if (await DataFetch.ChunkAsync(peer, DataKind.Tokenizer, offer.Roots.Tokenizer, 0, cancellation) is { } whole)
            {
                await File.WriteAllBytesAsync(file + ".part", whole.Bytes, cancellation);
                File.Move(file + ".part", file, overwrite: true);
                return true;
            }
        }

        return false;
    }

    private async Task<bool> FillAsync(IReadOnlyList<IPeer> peers, DataKind kind, Hash256 root, long size, string path, string what, CancellationToken cancellation)
    {
        using ChunkedFile file = ChunkedFile.Open(path, size);
        void Tell() => _say(string.Create(CultureInfo.InvariantCulture, $"joining: {what}, {file.There} of {file.Count} pieces"));
        return await new DataFetch(_time).FillAsync(file, kind, root, peers, Tell, cancellation);
    }

    /// <summary>The two small files last, then the folder in one step; loading it compares every hash once more.</summary>
    private async Task FinishAsync(string folder, NetworkOffer offer, NetworkParameters parameters, CancellationToken cancellation)
    {
        foreach (string map in Directory.EnumerateFiles(folder, "*.chunks"))
        {
            File.Delete(map);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, GenesisFolder.ManifestFile), offer.Manifest, cancellation);
        await File.WriteAllBytesAsync(Path.Combine(folder, NetworkFolder.ParametersFile), offer.Description, cancellation);
        try
        {
            if (NetworkFolder.Load(folder, cancellation).Parameters.Hash != parameters.Hash)
            {
                throw new JoinFailedException(string.Join(", ", _options.Join), "the files that were fetched are not the network's");
            }
        }
        catch (GenesisFileCorruptException)
        {
            Directory.Delete(folder, recursive: true); // A disk that lies: begin anew next time.
            throw;
        }

        Directory.Move(folder, _target);
        Directory.Delete(Path.Combine(_root, "joining"), recursive: true);
        _say($"joined network {parameters.Name}, parameters {parameters.Hash}: compare this hash with somebody you trust");
    }
}
