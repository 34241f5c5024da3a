using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Policy;

public sealed class BanListTests
{
    private static readonly PeerId Peer = new(new MessageSamples(1).Hash());
    private static readonly IPAddress Somewhere = IPAddress.Parse("203.0.113.5");

    private readonly ManualTime _time = new();
    private readonly CapturedLog _log = new();

    [Fact]
    public void A_ban_ends_by_itself()
    {
        BanList bans = List();
        bans.Ban(Peer, TimeSpan.FromHours(24), "flood");
        Assert.True(bans.Ban(Somewhere, TimeSpan.FromHours(1), "flood"));
        Assert.True(bans.IsBanned(Peer) && bans.IsBanned(Somewhere));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(bans.IsBanned(Somewhere));
        Assert.Equal(Peer, Assert.Single(bans.Current).Peer);
        _time.Advance(TimeSpan.FromHours(23));
        Assert.False(bans.IsBanned(Peer));
        Assert.Empty(bans.Current);
        Assert.Equal(2, bans.Count);
    }

    [Fact]
    public void A_ban_of_an_IPv6_address_is_one_of_its_network_and_IPv4_in_IPv6_dress_is_IPv4()
    {
        BanList bans = List();
        bans.Ban(IPAddress.Parse("2001:db8:1:2::1"), TimeSpan.FromHours(1), "x");
        bans.Ban(IPAddress.Parse("::ffff:203.0.113.5"), TimeSpan.FromHours(1), "x");
        Assert.True(bans.IsBanned(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.False(bans.IsBanned(IPAddress.Parse("2001:db8:1:3::1")));
        Assert.True(bans.IsBanned(Somewhere));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void A_loopback_address_is_never_banned(string address)
    {
        BanList bans = List();
        Assert.False(bans.Ban(IPAddress.Parse(address), TimeSpan.FromHours(1), "x"));
        Assert.False(bans.IsBanned(IPAddress.Parse(address)));
    }

    [Fact]
    public void Who_is_pardoned_is_banned_no_more()
    {
        BanList bans = List();
        bans.Ban(Peer, TimeSpan.FromHours(1), "x");
        bans.Ban(Somewhere, TimeSpan.FromHours(1), "x");
        Assert.True(bans.Unban(Peer) && bans.Unban(Somewhere));
        Assert.False(bans.IsBanned(Peer) || bans.IsBanned(Somewhere));
        Assert.False(bans.Unban(Peer) || bans.Unban(Somewhere));
    }

    [Fact]
    public void Bans_outlive_a_restart()
    {
        using var folder = new TemporaryFolder();
        BanList bans = List(folder.Sub("bans.json"));
        bans.Ban(Peer, TimeSpan.FromHours(2), "flood");
        bans.Ban(Somewhere, TimeSpan.FromHours(3), "operator");
        bans.SaveIfChanged();
        Assert.Equal(bans.Current, List(folder.Sub("bans.json")).Current);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Single(List(folder.Sub("bans.json")).Current);
    }

    [Theory]
    [InlineData("[{\"Peer\":\"0x12\",\"Address\":null,\"Until\":1,\"Reason\":\"x\"}]")]
    [InlineData("[{\"Peer\":null,\"Address\":\"here\",\"Until\":1,\"Reason\":\"x\"}]")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("{")]
    public void A_damaged_file_is_set_aside_and_the_list_begins_empty(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Sub("bans.json"), text);
        Assert.Empty(List(folder.Sub("bans.json")).Current);
        Assert.Equal(text, File.ReadAllText(folder.Sub("bans.json.damaged")));
        Assert.Equal(1909, Assert.Single(_log.Lines).Id);
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_said_and_tried_again()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Sub("bans.json"));
        BanList bans = List(folder.Sub("bans.json"));
        bans.Ban(Peer, TimeSpan.FromHours(2), "flood");
        bans.SaveIfChanged();
        Assert.Contains(_log.Lines, line => line.Id == 1910);
        Directory.Delete(folder.Sub("bans.json"));
        bans.SaveIfChanged();
        Assert.Single(List(folder.Sub("bans.json")).Current);
    }

    [Fact]
    public void The_list_is_bounded_and_the_ban_that_ends_first_gives_way()
    {
        BanList bans = List();
        bans.Ban(Peer, TimeSpan.FromHours(1), "first");
        var samples = new MessageSamples(2);
        for (int i = 0; i < BanList.Most; i++)
        {
            bans.Ban(new PeerId(samples.Hash()), TimeSpan.FromHours(2), "x");
        }

        Assert.Equal(BanList.Most, bans.Current.Count);
        Assert.False(bans.IsBanned(Peer));
    }

    [Fact]
    public void Points_halve_in_ten_minutes_so_that_bad_luck_is_forgotten_and_a_habit_is_not()
    {
        var scores = new PeerScores(_time);
        Assert.Equal((50, 50), scores.Add(Peer, Somewhere, Offence.Flood));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(25, scores.Of(Peer), 1e-9);
        (double peer, _) = scores.Add(Peer, Somewhere, Offence.Flood);
        Assert.Equal(75, peer, 1e-9);
    }

    [Fact]
    public void New_keys_at_one_address_do_not_begin_anew_except_at_loopback()
    {
        var policy = new PeerPolicy(new PeerScores(_time), List(), _log.For<PeerPolicy>());
        Hash256[] keys = [.. Enumerable.Range(3, 3).Select(seed => new MessageSamples(seed).Hash())];
        Assert.False(policy.Count(new PeerId(keys[0]), Somewhere, Offence.InvalidTransaction));
        Assert.False(policy.Count(new PeerId(keys[1]), Somewhere, Offence.InvalidTransaction));
        Assert.True(policy.Count(new PeerId(keys[2]), Somewhere, Offence.InvalidTransaction, new Refusal(RefusalKind.Isolation, "signature-high-s", "")));
        policy.Ban(new PeerId(keys[2]), Somewhere, "signature-high-s");
        Assert.True(policy.Bans.IsBanned(Somewhere));
        Assert.All(keys, key => Assert.False(policy.Count(new PeerId(key), IPAddress.Loopback, Offence.Flood)));
    }

    [Fact]
    public void Every_offence_has_a_weight_and_none_is_above_a_ban() =>
        Assert.All(Enum.GetValues<Offence>(), offence => Assert.InRange(OffenceWeights.Of(offence), 1, OffenceWeights.BanScore));

    private BanList List(string? path = null) => new(_time, path, _log.For<BanList>());
}
