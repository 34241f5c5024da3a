using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Basilisk.Node.Peers.Transport;

/// <summary>What a node says of itself and how it acts on what it hears.</summary>
/// <param name="Identity">Its key.</param>
/// <param name="Codec">Messages of its network.</param>
/// <param name="Hello">What it says now; the port it listens on is filled in.</param>
/// <param name="Handler">Acts on requests and announcements.</param>
public sealed record LocalPeer(PeerIdentity Identity, MessageCodec Codec, Func<Hello> Hello, IPeerHandler Handler);

/// <summary>
/// The node's connections: takes those that come in, dials, and holds what lives. Whom to dial, and what to say, others decide.
/// </summary>
public sealed class PeerNetwork : IAsyncDisposable
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(10);

    private readonly LocalPeer _local;
    private readonly PeerPolicy _policy;
    private readonly PeerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private readonly TransportLimits _limits;
    private readonly ConnectionTable _table;
    private readonly InboundGate _gate;
    private readonly PeerHandshake _handshake;
    private readonly ConnectionServices _services;
    private readonly SocketConnectionContextFactory _dialled;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<PeerConnection, Task> _running = new();
    private readonly ITimer _saver;
    private PeerListener? _listener;

    /// <param name="local">This node.</param>
    /// <param name="policy">Offences and bans.</param>
    /// <param name="options">Where to listen, how many connections.</param>
    /// <param name="counters">Counts what goes over the wire.</param>
    /// <param name="time">The clock of every deadline.</param>
    /// <param name="logs">For the log's lines.</param>
    /// <param name="limits">Bounds; null for the usual ones.</param>
    public PeerNetwork(
        LocalPeer local, PeerPolicy policy, PeerOptions options, TransportCounters counters, TimeProvider time, ILoggerFactory logs, TransportLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(policy);
        (_local, _policy, _options, _time, _logs) = (local, policy, options, time, logs);
        Counters = counters;
        _limits = limits ?? new TransportLimits();
        _log = logs.CreateLogger<PeerNetwork>();
        _table = new ConnectionTable(local.Identity.Id, options);
        _gate = new InboundGate(options, _limits, policy.Bans.IsBanned, time);
        _handshake = new PeerHandshake(local.Identity, local.Codec, () => local.Hello() with { ListenPort = (ushort)(ListeningOn?.Port ?? 0) });
        _services = new ConnectionServices(local.Codec, local.Handler, Report, _limits, options, Upload.OfNode(options, time), counters, time, _log);
        _dialled = new SocketConnectionContextFactory(PeerSockets.DiallingOptions, _log);
        policy.Bans.Added += CloseBanned;
        _saver = time.CreateTimer(_ => policy.SaveIfChanged(), null, SaveInterval, SaveInterval);
    }

    /// <summary>A connection lives. Called before any of its messages is handled; must not wait.</summary>
    public event Action<IPeer>? Connected;

    /// <summary>A connection ended, and why. Each <see cref="IPeer"/> that was connected is disconnected once, also where another connection with the same peer lives on.</summary>
    public event Action<IPeer, Goodbye>? Disconnected;

    /// <summary>The live connections, at most one per peer.</summary>
    public IReadOnlyCollection<IPeer> Peers => _table.Live;

    public TransportCounters Counters { get; }

    /// <summary>Where connections are taken; null where none are.</summary>
    public IPEndPoint? ListeningOn => _listener?.EndPoint;

    public PeerId Id => _local.Identity.Id;

    /// <summary>Takes connections from now on, where the options say so.</summary>
    /// <exception cref="Failures.PortInUseException">Another process listens there.</exception>
    public async Task ListenAsync(CancellationToken cancellation)
    {
        if (_options.ListenEndPoint is not { } endPoint)
        {
            return;
        }

        _listener = await PeerListener.StartAsync(endPoint, new Handler(this), _logs, cancellation);
        _log.PeersListening(_listener.EndPoint.ToString(), Id.ToString());
    }

    /// <summary>
    /// Connects to a node. Refused with the token of whichever side does not want the connection, or
    /// <see cref="PeerTokens.Unreachable"/>, <see cref="PeerTokens.TlsFailed"/>, <see cref="PeerTokens.Timeout"/>, <see cref="PeerTokens.Gone"/>.
    /// </summary>
    public async Task<Verdict<IPeer>> DialAsync(IPEndPoint endPoint, CancellationToken cancellation)
    {
        IPEndPoint remote = PeerAddress.Normalise(endPoint);
        if (_policy.Bans.IsBanned(remote.Address))
        {
            return new Refusal(RefusalKind.State, PeerTokens.Banned, $"{remote} is banned.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        Verdict<PeerConnection> made = await ConnectAsync(remote, stop.Token);
        cancellation.ThrowIfCancellationRequested();
        if (!made.TryGet(out PeerConnection? connection, out Refusal? refusal))
        {
            _log.PeerRefused(remote.ToString(), refusal.Token, refusal.Detail);
            return refusal;
        }

        _ = Start(connection); // StopAsync and DisposeAsync wait for it
        return connection;
    }

    /// <summary>Sends to every peer that keeps up, and has a network; the number of those.</summary>
    /// <param name="message">An announcement.</param>
    /// <param name="to">Whom; null for all.</param>
    public int Broadcast(PeerMessage message, Func<IPeer, bool>? to = null)
    {
        byte[] bytes = _local.Codec.Encode(message);
        return _table.Live.Count(peer => (to is null || to(peer)) && peer.TrySend(message.Kind, bytes));
    }

    /// <summary>Takes and dials no more, says good-bye to every peer and waits until they have heard it, at most until cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        foreach (IPeer peer in Peers)
        {
            peer.Close(PeerTokens.Stopping, "The node stops.");
        }

        await Task.WhenAll(_running.Values).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _policy.Bans.Added -= CloseBanned;
        foreach (PeerConnection connection in _running.Keys)
        {
            connection.Close(PeerTokens.Stopping, "The node stops.");
            connection.Abort();
        }

        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }

        await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _saver.DisposeAsync();
        _dialled.Dispose();
        _policy.SaveIfChanged();
    }

    private async Task<Verdict<PeerConnection>> ConnectAsync(IPEndPoint remote, CancellationToken cancellation)
    {
        string failure = PeerTokens.Unreachable;
        try
        {
            Socket socket;
            using (Deadline connect = new(_limits.Connect, _time, cancellation))
            {
                socket = await PeerSockets.ConnectAsync(remote, connect.Token);
            }

            failure = PeerTokens.TlsFailed;
            using Deadline handshake = new(_limits.Handshake, _time, cancellation);
            SecureChannel channel = await SecureChannel.OpenAsync(_dialled.Create(socket), _local.Identity, asServer: false, handshake.Token);
            failure = PeerTokens.Gone;
            return await GreetAsync(channel, isInbound: false, handshake.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Refusal(RefusalKind.State, PeerTokens.Timeout, $"{remote} did not answer in time.");
        }
        catch (Exception error) when (ConnectionErrors.IsEnd(error))
        {
            return new Refusal(RefusalKind.State, failure, $"{remote}: {error.Message}");
        }
    }

    private async Task AcceptAsync(ConnectionContext incoming)
    {
        IPEndPoint remote = PeerAddress.Normalise((IPEndPoint)incoming.RemoteEndPoint!);
        if (_gate.Enter(remote.Address) is { } token)
        {
            Counters.CountRefused(token);
            incoming.Abort();
            return;
        }

        Verdict<PeerConnection> taken;
        try
        {
            using Deadline handshake = new(_limits.Handshake, _time, _stopping.Token);
            SecureChannel channel = await SecureChannel.OpenAsync(incoming, _local.Identity, asServer: true, handshake.Token);
            taken = await GreetAsync(channel, isInbound: true, handshake.Token);
        }
        catch (Exception error) when (ConnectionErrors.IsEnd(error))
        {
            string failure = error is AuthenticationException ? PeerTokens.TlsFailed : error is OperationCanceledException ? PeerTokens.Timeout : PeerTokens.Gone;
            Counters.CountRefused(failure);
            taken = new Refusal(RefusalKind.State, failure, error.Message);
        }
        finally
        {
            _gate.Leave(remote.Address);
        }

        if (!taken.TryGet(out PeerConnection? connection, out Refusal? refusal))
        {
            _log.PeerRefused(remote.ToString(), refusal.Token, refusal.Detail);
            return;
        }

        await Start(connection);
    }

    /// <summary>Both Hellos. The connection is in the table where it succeeds; the channel is closed where it does not.</summary>
    private async Task<Verdict<PeerConnection>> GreetAsync(SecureChannel channel, bool isInbound, CancellationToken cancellation)
    {
        var frames = new FrameReader(channel.Input, _time);
        PeerConnection? connection = null;
        try
        {
            Refusal? refusal = CheckPeer(channel, isInbound);
            if (refusal is null)
            {
                refusal = await ExchangeAsync(channel, frames, isInbound, made => connection = made, cancellation);
            }

            if (refusal is null)
            {
                return connection!;
            }

            await RefuseAsync(channel, frames, refusal, cancellation);
            return refusal;
        }
        catch
        {
            await LetGoAsync(channel, connection);
            throw;
        }
    }

    private async Task<Refusal?> ExchangeAsync(
        SecureChannel channel, FrameReader frames, bool isInbound, Action<PeerConnection> made, CancellationToken cancellation)
    {
        if (!isInbound)
        {
            await _handshake.SayHelloAsync(channel, _time, cancellation);
        }

        Verdict<Hello> theirs = await _handshake.ReadHelloAsync(channel, frames, cancellation);
        if (!theirs.TryGet(out Hello? hello, out Refusal? refusal))
        {
            if (refusal.Kind == RefusalKind.Malformed && _policy.Count(channel.Peer, channel.Remote.Address, Offence.Malformed, refusal))
            {
                _policy.Ban(channel.Peer, channel.Remote.Address, refusal.Token);
            }

            return refusal;
        }

        var connection = new PeerConnection(channel, frames, hello, isInbound, _services);
        refusal = _table.Add(connection, out PeerConnection? replaced);
        if (refusal is not null)
        {
            return refusal;
        }

        made(connection);
        replaced?.Close(PeerTokens.AlreadyConnected, "Both nodes dialled; the other connection stays.");
        if (isInbound)
        {
            await _handshake.SayHelloAsync(channel, _time, cancellation);
        }

        return null;
    }

    private Refusal? CheckPeer(SecureChannel channel, bool isInbound)
    {
        if (_handshake.CheckIdentity(channel.Peer) is { } self)
        {
            return self;
        }

        if (_policy.Bans.IsBanned(channel.Peer))
        {
            return new Refusal(RefusalKind.State, PeerTokens.Banned, "The peer is banned.");
        }

        // Who dials finds out here; who is dialled must hear Hello first, because the other side may not know of the connection yet.
        return !isInbound && _table.Has(channel.Peer)
            ? new Refusal(RefusalKind.State, PeerTokens.AlreadyConnected, "There is a connection with this peer.")
            : null;
    }

    private async Task RefuseAsync(SecureChannel channel, FrameReader frames, Refusal refusal, CancellationToken cancellation)
    {
        Counters.CountRefused(RefusalLabel(refusal));
        using (Deadline linger = new(_limits.Linger, _time, cancellation))
        {
            await _handshake.RefuseAsync(channel, frames, refusal, _time, linger.Token);
        }

        channel.Abort();
        await channel.DisposeAsync();
    }

    private async Task LetGoAsync(SecureChannel channel, PeerConnection? connection)
    {
        if (connection is not null)
        {
            _table.Remove(connection);
        }

        channel.Abort();
        await channel.DisposeAsync();
    }

    private Task Start(PeerConnection connection)
    {
        Counters.CountConnection(connection.IsInbound, 1);
        _log.PeerConnected(connection.Id.Short, connection.Remote.ToString(), connection.IsInbound ? "inbound" : "outbound", connection.Hello.Agent, connection.Hello.Height);
        Connected?.Invoke(connection);
        Task run = RunAsync(connection);
        _running.TryAdd(connection, run);
        return run.ContinueWith(_ => _running.TryRemove(connection, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task RunAsync(PeerConnection connection)
    {
        if (_stopping.IsCancellationRequested)
        {
            connection.Close(PeerTokens.Stopping, "The node stops.");
        }

        Task running = Task.Run(connection.RunAsync);
        await Task.WhenAny(running, connection.Ended);
        _table.Remove(connection);
        Counters.CountConnection(connection.IsInbound, -1);
        Goodbye reason = connection.Reason ?? new Goodbye(PeerTokens.Gone, "");
        _log.PeerDisconnected(connection.Id.Short, connection.Remote.ToString(), reason.Token, reason.Detail);
        Disconnected?.Invoke(connection, reason);
        await running;
    }

    private void Report(PeerConnection connection, Offence offence, Refusal? refusal)
    {
        if (_policy.Count(connection.Id, connection.Remote.Address, offence, refusal))
        {
            // The ban closes the connection, and all others that it covers; this one's peer hears what it did.
            connection.BannedFor = refusal ?? new Refusal(RefusalKind.State, PeerTokens.Banned, $"Too many offences, {offence} the last.");
            _policy.Ban(connection.Id, connection.Remote.Address, refusal?.Token ?? offence.ToString());
            Close(connection); // it may have begun a moment ago, and not be among those running yet
        }
    }

    private void CloseBanned(Ban ban)
    {
        foreach (PeerConnection connection in _running.Keys.Where(ban.Covers))
        {
            Close(connection);
        }
    }

    private static void Close(PeerConnection banned) =>
        banned.Close(banned.BannedFor?.Token ?? PeerTokens.Banned, banned.BannedFor?.Detail ?? "The peer is banned.");

    /// <summary>A label with few values: what a peer said of its own accord is none.</summary>
    private static string RefusalLabel(Refusal refusal) => refusal.Kind == RefusalKind.Malformed ? "malformed"
        : refusal.Token is PeerTokens.ProtocolVersion or PeerTokens.NetworkMismatch or PeerTokens.Self or PeerTokens.AlreadyConnected
            or PeerTokens.TooManyConnections or PeerTokens.Banned or PeerTokens.Gone ? refusal.Token : "other";

    private sealed class Handler(PeerNetwork network) : ConnectionHandler
    {
        public override Task OnConnectedAsync(ConnectionContext connection) => network.AcceptAsync(connection);
    }
}
