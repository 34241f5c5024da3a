using System.Net;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Flows;

public sealed class AddressFlowTests
{
    private static readonly ulong Now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    [Fact]
    public async Task A_peer_is_asked_for_addresses_and_what_it_names_is_noted()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer peer = await node.MeetAsync();
        GetAddresses question = await AskedAsync(peer);
        await peer.SendAsync(new Addresses(question.RequestId, [At("203.0.113.9"), At("0.0.0.0")]));
        await Eventually.TrueAsync(() => node.Book.Count == 1);
        Assert.Equal("203.0.113.9:30545", node.Book.Pick(untried: false, _ => true)!.EndPoint.ToString());
    }

    [Fact]
    public async Task Who_dialled_and_listens_is_noted_and_passed_on_once()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer other = await node.MeetAsync();
        await using ScriptedPeer caller = await node.MeetAsync(ScriptedPeer.SomeHello() with { ListenPort = 30_999 });

        Addresses heard = await other.UntilAsync<Addresses>();
        Assert.Equal(0UL, heard.RequestId);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 30_999), Assert.Single(heard.Known).EndPoint);
        await caller.SendAsync(new Addresses(0, heard.Known)); // Its own announcement, the same day: no news.
        await caller.SendAsync(new Addresses(0, [At("203.0.113.7")]));
        Assert.Equal("203.0.113.7", (await other.UntilAsync<Addresses>()).Known[0].EndPoint.Address.ToString());
    }

    [Fact]
    public async Task Questions_are_answered_a_few_times_and_then_not()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        node.Book.Add(At("203.0.113.9"), IPAddress.Parse("203.0.113.1"));
        await using ScriptedPeer peer = await node.MeetAsync();
        for (ulong id = 1; id <= 3; id++)
        {
            await peer.SendAsync(new GetAddresses(id));
            Addresses answer = await peer.UntilAsync<Addresses>();
            Assert.Equal(id, answer.RequestId);
            Assert.Equal("203.0.113.9:30545", Assert.Single(answer.Known).EndPoint.ToString());
        }

        await peer.SendAsync(new GetAddresses(4));
        Assert.Equal(PeerTokens.NotServed, (await peer.UntilAsync<NotServed>()).Token);
    }

    [Fact]
    public async Task An_announcement_of_many_addresses_bans_its_sender()
    {
        await using PeeredNode node = await PeeredNode.StartAsync(syncs: false);
        await using ScriptedPeer peer = await node.MeetAsync();
        await peer.SendAsync(new Addresses(0, [At("203.0.113.7"), At("203.0.113.8")]));
        Assert.Equal(PeerTokens.MessageCount, await node.BanOfAsync(peer.Id));
    }

    private static async Task<GetAddresses> AskedAsync(ScriptedPeer peer)
    {
        while (true)
        {
            if (await peer.ReceiveAsync() is GetAddresses question)
            {
                return question;
            }
        }
    }

    private static AdvertisedAddress At(string address) => new(new IPEndPoint(IPAddress.Parse(address), 30_545), PeerServices.Blocks, Now);
}
