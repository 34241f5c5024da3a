using System.Collections.Concurrent;
using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Options;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Basilisk.Node.Tests.Support;

/// <summary>A node's real connections on a loopback port, with a handler and a clock of the test's.</summary>
internal sealed class TestPeers : IPeerHandler, IAsyncDisposable
{
    private const int HandlerFailed = 1906;
    private const int Banned = 1908;

    private readonly Func<IPeer, PeerMessage, CancellationToken, ValueTask>? _handle;

    private TestPeers(
        PeerIdentity? identity, TimeProvider time, PeerOptions options, TransportLimits? limits, Hash256? network, Func<IPeer, PeerMessage, CancellationToken, ValueTask>? handle)
    {
        _handle = handle;
        Identity = identity ?? PeerIdentity.Create();
        Policy = new PeerPolicy(new PeerScores(time), new BanList(time, null, Log.For<BanList>()), Log.For<PeerPolicy>());
        Network = new PeerNetwork(
            new LocalPeer(Identity, new MessageCodec(MessageSamples.Parameters), () => ScriptedPeer.SomeHello(network), this),
            Policy,
            options,
            new TransportCounters(),
            time,
            new LoggerFactory([Log]),
            limits);
        Network.Connected += peer => Connected.Enqueue(peer);
        Network.Disconnected += (peer, reason) => Disconnected.Enqueue((peer, reason));
    }

    public CapturedLog Log { get; } = new();

    public PeerIdentity Identity { get; }

    public PeerPolicy Policy { get; }

    public PeerNetwork Network { get; }

    public IPEndPoint Address => Network.ListeningOn!;

    /// <summary>What the handler was given, in order.</summary>
    public ConcurrentQueue<(IPeer Peer, PeerMessage Message)> Handled { get; } = new();

    public ConcurrentQueue<IPeer> Connected { get; } = new();

    public ConcurrentQueue<(IPeer Peer, Goodbye Reason)> Disconnected { get; } = new();

    public static async Task<TestPeers> StartAsync(
        TimeProvider? time = null,
        PeerOptions? options = null,
        TransportLimits? limits = null,
        PeerIdentity? identity = null,
        Hash256? network = null,
        Func<IPeer, PeerMessage, CancellationToken, ValueTask>? handle = null)
    {
        PeerOptions chosen = options ?? new PeerOptions();
        chosen.Listen ??= "127.0.0.1:0";
        var peers = new TestPeers(identity, time ?? TimeProvider.System, chosen, limits, network, handle);
        await peers.Network.ListenAsync(CancellationToken.None);
        return peers;
    }

    public async ValueTask HandleAsync(IPeer peer, PeerMessage message, CancellationToken cancellation)
    {
        Handled.Enqueue((peer, message));
        if (_handle is not null)
        {
            await _handle(peer, message, cancellation);
        }
    }

    /// <summary>Dials another node; the connection must be taken.</summary>
    public async Task<IPeer> JoinAsync(TestPeers other) => (await DialAsync(other.Address)).Value;

    public async Task<Verdict<IPeer>> DialAsync(IPEndPoint address) => await Network.DialAsync(address, CancellationToken.None).WaitAsync(Eventually.Patience);

    /// <summary>The one live connection, once there is one.</summary>
    public async Task<IPeer> OneAsync()
    {
        await Eventually.TrueAsync(() => Network.Peers.Count == 1);
        return Network.Peers.Single();
    }

    /// <summary>Why the first connection ended, once one has.</summary>
    public async Task<Goodbye> EndAsync()
    {
        await Eventually.TrueAsync(() => !Disconnected.IsEmpty);
        return Disconnected.First().Reason;
    }

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        Identity.Dispose();
        Assert.DoesNotContain(Log.Lines, line => line.Level >= LogLevel.Warning && line.Id is not (HandlerFailed or Banned));
    }
}
