using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Options;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Transport;

/// <summary>Whom a node takes as a peer, and what it says to the others.</summary>
public sealed class HandshakeTests
{
    [Fact]
    public async Task Another_version_of_the_protocol_is_refused() =>
        Assert.Equal("protocol-version", await RefusedAsync(ScriptedPeer.SomeHello() with { ProtocolVersion = 2 }));

    [Fact]
    public async Task Another_network_is_refused() =>
        Assert.Equal("network-mismatch", await RefusedAsync(ScriptedPeer.SomeHello(new MessageSamples(1).Hash())));

    [Fact]
    public async Task Something_else_than_Hello_is_refused_and_banned()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.ConnectAsync(node.Address);
        await peer.SendAsync(new Ping(1));
        Assert.Equal("hello-expected", (await peer.ExpectGoodbyeAsync()).Token);
        Assert.True(node.Policy.Bans.IsBanned(peer.Id));
        Assert.Empty(node.Connected);
    }

    [Fact]
    public async Task A_Hello_above_its_cap_is_refused_by_its_length_alone()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.ConnectAsync(node.Address);
        await peer.SendRawAsync(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF, (byte)MessageKind.Hello });
        Assert.Equal("frame-too-large", (await peer.ExpectGoodbyeAsync()).Token);
    }

    [Fact]
    public async Task A_node_that_dials_itself_notices()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        Assert.Equal("self", (await node.DialAsync(node.Address)).Refusal?.Token);
        Assert.Empty(node.Network.Peers);
    }

    [Fact]
    public async Task A_second_connection_of_a_peer_is_refused_on_both_sides()
    {
        await using TestPeers one = await TestPeers.StartAsync();
        await using TestPeers two = await TestPeers.StartAsync();
        await one.JoinAsync(two);
        Assert.Equal("already-connected", (await one.DialAsync(two.Address)).Refusal?.Token);

        await using ScriptedPeer first = await ScriptedPeer.JoinAsync(one.Address);
        await using ScriptedPeer second = await ScriptedPeer.ConnectAsync(one.Address, first.Identity);
        await second.SendAsync(ScriptedPeer.SomeHello());
        Assert.Equal("already-connected", (await second.ExpectGoodbyeAsync()).Token);
    }

    [Fact]
    public async Task Beyond_the_room_for_those_who_dial_nobody_is_taken()
    {
        await using TestPeers node = await TestPeers.StartAsync(options: new PeerOptions { Inbound = 2 });
        await using ScriptedPeer first = await ScriptedPeer.JoinAsync(node.Address);
        await using ScriptedPeer second = await ScriptedPeer.JoinAsync(node.Address);
        await using ScriptedPeer third = await ScriptedPeer.ConnectAsync(node.Address);
        await third.SendAsync(ScriptedPeer.SomeHello());
        Assert.Equal("too-many-connections", (await third.ExpectGoodbyeAsync()).Token);

        first.Close();
        await Eventually.TrueAsync(() => node.Network.Peers.Count == 1);
        await using ScriptedPeer fourth = await ScriptedPeer.JoinAsync(node.Address);
        Assert.NotNull(fourth.Theirs);
    }

    [Fact]
    public async Task Of_one_address_only_so_many_are_taken()
    {
        IPAddress? own = (await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork)).FirstOrDefault(address => !IPAddress.IsLoopback(address));
        Assert.SkipWhen(own is null, "This machine has no IPv4 address but loopback, which is not counted.");
        await using TestPeers node = await TestPeers.StartAsync(options: new PeerOptions { PerAddress = 1, Listen = own + ":0" });
        await using ScriptedPeer first = await ScriptedPeer.JoinAsync(node.Address);
        await using ScriptedPeer second = await ScriptedPeer.ConnectAsync(node.Address);
        await second.SendAsync(ScriptedPeer.SomeHello());
        Assert.Equal("too-many-connections", (await second.ExpectGoodbyeAsync()).Token);
    }

    [Fact]
    public async Task A_banned_peer_is_turned_away_in_both_directions_and_its_connection_ends()
    {
        await using TestPeers one = await TestPeers.StartAsync();
        await using TestPeers two = await TestPeers.StartAsync();
        await one.JoinAsync(two);
        await two.OneAsync();
        two.Policy.Bans.Ban(one.Identity.Id, TimeSpan.FromHours(1), "operator");
        Assert.Equal("banned", (await one.EndAsync()).Token);
        await Eventually.TrueAsync(() => two.Network.Peers.Count == 0);
        Assert.Equal("banned", (await one.DialAsync(two.Address)).Refusal?.Token);
        Assert.Equal("banned", (await two.DialAsync(one.Address)).Refusal?.Token);
        Assert.True(two.Policy.Bans.Unban(one.Identity.Id));
        Assert.False((await one.DialAsync(two.Address)).IsRefused);
    }

    [Fact]
    public async Task A_node_without_a_network_may_ask_for_it_and_nothing_else()
    {
        await using TestPeers node = await TestPeers.StartAsync(handle: async (from, message, cancellation) =>
        {
            if (message is GetNetwork request)
            {
                await from.SendAsync(new NetworkDescription(request.RequestId, "{}"u8.ToArray(), "{}"u8.ToArray()), cancellation);
            }
        });
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address, ScriptedPeer.SomeHello(Hash256.Zero));
        Assert.True((await node.OneAsync()).IsBootstrap);
        Assert.Equal(0, node.Network.Broadcast(new NewTransactions([])));
        Assert.False((await node.OneAsync()).TrySend(new NewTransactions([])));

        await peer.SendAsync(new GetNetwork(7));
        Assert.Equal(7UL, (await peer.ExpectAsync<NetworkDescription>()).RequestId);
        await peer.SendAsync(new GetHeaders(8, [], default));
        Assert.Equal("network-mismatch", (await peer.ExpectGoodbyeAsync()).Token);
        Assert.Single(node.Handled);
    }

    [Fact]
    public async Task Two_nodes_without_a_network_have_nothing_to_say_to_each_other()
    {
        await using TestPeers node = await TestPeers.StartAsync(network: Hash256.Zero);
        await using ScriptedPeer other = await ScriptedPeer.JoinAsync(node.Address);
        Assert.False((await node.OneAsync()).IsBootstrap);
        await using ScriptedPeer peer = await ScriptedPeer.ConnectAsync(node.Address);
        await peer.SendAsync(ScriptedPeer.SomeHello(Hash256.Zero));
        Assert.Equal("network-mismatch", (await peer.ExpectGoodbyeAsync()).Token);
    }

    [Fact]
    public async Task TLS_1_2_is_refused()
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () => await ScriptedPeer.ConnectAsync(node.Address, protocols: SslProtocols.Tls12));
        await Eventually.TrueAsync(() => node.Log.Lines.Any(line => line.Id == 1904 && line.Message.Contains("tls-failed", StringComparison.Ordinal)));
        Assert.Empty(node.Connected);
        await using ScriptedPeer peer = await ScriptedPeer.JoinAsync(node.Address);
        Assert.Equal(node.Identity.Id, PeerIdentity.IdOf(node.Identity.Certificate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_key_on_P_256_nobody_is_taken(bool withKeyOfAnotherKind)
    {
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 made = new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using TestPeers node = await TestPeers.StartAsync();
        using Socket socket = await PeerSockets.ConnectAsync(node.Address, CancellationToken.None);
        await using var tls = new SslStream(new NetworkStream(socket));
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "x",
                ClientCertificates = withKeyOfAnotherKind ? [made] : null,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
            await tls.ReadExactlyAsync(new byte[1]);
            Assert.Fail("The node sent something.");
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            await Eventually.TrueAsync(() => node.Log.Lines.Any(line => line.Id == 1904 && line.Message.Contains("tls-failed", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_says_nothing_loses_the_connection_after_ten_seconds(bool afterTls)
    {
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time);
        using Socket? plain = afterTls ? null : await PeerSockets.ConnectAsync(node.Address, CancellationToken.None);
        await using ScriptedPeer? secured = afterTls ? await ScriptedPeer.ConnectAsync(node.Address) : null;
        Task ended = secured?.ExpectEndAsync() ?? EndAsync(plain!);
        await Eventually.PauseAsync(ended);
        time.Advance(TimeSpan.FromSeconds(9));
        await Eventually.PauseAsync(ended);
        Assert.False(ended.IsCompleted);
        await time.AdvanceUntilAsync(ended, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_dialled_node_that_says_nothing_is_given_up_after_ten_seconds()
    {
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time);
        using Socket listening = ScriptedPeer.Listen();
        Task<Chain.Refusals.Verdict<IPeer>> dialling = node.DialAsync((IPEndPoint)listening.LocalEndPoint!);
        await using ScriptedPeer peer = await ScriptedPeer.AcceptAsync(listening);
        await peer.ExpectAsync<Hello>();
        time.Advance(TimeSpan.FromSeconds(9));
        await Eventually.PauseAsync(dialling);
        Assert.False(dialling.IsCompleted);
        await time.AdvanceUntilAsync(dialling, TimeSpan.FromMinutes(1));
        Assert.Equal("timeout", (await dialling).Refusal?.Token);
    }

    [Fact]
    public async Task Handshakes_that_do_not_end_do_not_use_up_the_node()
    {
        var time = new ManualTime();
        await using TestPeers node = await TestPeers.StartAsync(time, limits: new TransportLimits { PendingHandshakes = 3 });
        await using ScriptedPeer earlier = await ScriptedPeer.JoinAsync(node.Address);

        // One too many is cut at once, before TLS; which of the four that is, is the kernel's affair.
        Task[] ends = [.. Enumerable.Range(0, 4).Select(_ => ConnectUntilEndAsync(node.Address))];
        await Task.WhenAny(ends).WaitAsync(Eventually.Patience);
        await Eventually.TrueAsync(() => node.Network.Counters.Refused.GetValueOrDefault("too-many-connections") == 1);

        await time.AdvanceUntilAsync(Task.WhenAll(ends), TimeSpan.FromMinutes(1));
        await using ScriptedPeer later = await JoinWhenTakenAsync(node.Address);
        Assert.Equal(2, node.Network.Peers.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_dials_at_once_that_of_the_lower_id_stays(bool theirsIsLower)
    {
        await using TestPeers node = await TestPeers.StartAsync();
        PeerIdentity other = IdentityBeside(node.Identity.Id, theirsIsLower);
        using Socket listening = ScriptedPeer.Listen();
        Task<Chain.Refusals.Verdict<IPeer>> dialling = node.DialAsync((IPEndPoint)listening.LocalEndPoint!);
        await using ScriptedPeer dialled = await ScriptedPeer.AcceptAsync(listening, other);
        await using ScriptedPeer dialler = await ScriptedPeer.ConnectAsync(node.Address, other);

        // Both sides have said Hello before either is answered.
        await dialled.ExpectAsync<Hello>();
        await dialler.SendAsync(ScriptedPeer.SomeHello());
        await dialler.ExpectAsync<Hello>();
        await dialled.SendAsync(ScriptedPeer.SomeHello());

        ScriptedPeer loser = theirsIsLower ? dialled : dialler;
        Assert.Equal("already-connected", (await loser.ExpectGoodbyeAsync()).Token);
        Assert.Equal(theirsIsLower, (await node.OneAsync()).IsInbound);
        Assert.Equal(theirsIsLower ? "already-connected" : null, (await dialling).Refusal?.Token);
    }

    [Fact]
    public async Task Nodes_that_dial_each_other_at_once_keep_one_and_the_same_connection()
    {
        for (int i = 0; i < 10; i++)
        {
            await using TestPeers one = await TestPeers.StartAsync();
            await using TestPeers two = await TestPeers.StartAsync();
            await Task.WhenAll(one.DialAsync(two.Address), two.DialAsync(one.Address));
            await Eventually.TrueAsync(() => one.Connected.Count - one.Disconnected.Count == 1 && two.Connected.Count - two.Disconnected.Count == 1);
            IPeer there = await one.OneAsync();
            IPeer here = await two.OneAsync();
            Assert.NotEqual(there.IsInbound, here.IsInbound);
            Assert.True((await Asked(there, two)) && (await Asked(here, one)));
        }

        static async Task<bool> Asked(IPeer peer, TestPeers by)
        {
            await peer.SendAsync(new GetMempool(), CancellationToken.None);
            await Eventually.TrueAsync(() => by.Handled.Any(handled => handled.Message is GetMempool));
            return true;
        }
    }

    internal static PeerIdentity IdentityBeside(PeerId id, bool lower)
    {
        while (true)
        {
            PeerIdentity identity = PeerIdentity.Create();
            if (identity.Id.CompareTo(id) < 0 == lower)
            {
                return identity;
            }
        }
    }

    private static async Task<string> RefusedAsync(Hello hello)
    {
        await using TestPeers node = await TestPeers.StartAsync();
        await using ScriptedPeer peer = await ScriptedPeer.ConnectAsync(node.Address);
        await peer.SendAsync(hello);
        Goodbye goodbye = await peer.ExpectGoodbyeAsync();
        Assert.Empty(node.Connected);
        Assert.False(node.Policy.Bans.IsBanned(peer.Id));
        return goodbye.Token;
    }

    /// <summary>The other side of an ended connection sees the end a moment before the node has given its place back.</summary>
    private static async Task<ScriptedPeer> JoinWhenTakenAsync(IPEndPoint node)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        while (true)
        {
            try
            {
                return await ScriptedPeer.JoinAsync(node);
            }
            catch (IOException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(Eventually.Moment, patience.Token);
            }
        }
    }

    private static async Task ConnectUntilEndAsync(IPEndPoint node)
    {
        try
        {
            using Socket socket = await PeerSockets.ConnectAsync(node, CancellationToken.None);
            await EndAsync(socket);
        }
        catch (SocketException error)
        {
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        }
    }

    private static async Task EndAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
        }
        catch (SocketException)
        {
            Assert.True(socket.IsBound); // A reset is an end too.
        }
    }
}
