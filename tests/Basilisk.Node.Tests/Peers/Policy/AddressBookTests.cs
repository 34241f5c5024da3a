using System.Net;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Policy;

/// <summary>What the address book must hold against somebody who wants to be a node's only peers.</summary>
public sealed class AddressBookTests
{
    private readonly ManualTime _time = new();
    private readonly CapturedLog _log = new();

    private ulong Now => (ulong)_time.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public void An_address_is_taken_note_of_once()
    {
        AddressBook book = Book();
        Assert.True(book.Add(Heard("198.51.100.1"), Source(1)));
        Assert.False(book.Add(Heard("198.51.100.1"), Source(2)));
        Assert.False(book.Add(Heard("::ffff:198.51.100.1"), Source(3)));
        Assert.Equal((1, 0), (book.Count, book.TriedCount));
        Assert.Equal(EndPoint("198.51.100.1"), book.Pick(untried: false, _ => true)?.EndPoint);
        Assert.Null(book.Pick(untried: false, _ => false));
    }

    [Theory]
    [InlineData("0.0.0.0", "8.8.8.8")]
    [InlineData("224.0.0.1", "8.8.8.8")]
    [InlineData("255.255.255.255", "8.8.8.8")]
    [InlineData("127.0.0.1", "8.8.8.8")]
    [InlineData("10.1.2.3", "8.8.8.8")]
    [InlineData("127.0.0.1", "10.1.2.3")]
    [InlineData("::", "8.8.8.8")]
    [InlineData("::1", "2001:db8::1")]
    [InlineData("ff02::1", "8.8.8.8")]
    [InlineData("fe80::1", "::1")]
    [InlineData("fd00::1", "8.8.8.8")]
    public void An_address_that_leads_nowhere_from_here_is_not_taken(string address, string source) =>
        Assert.False(Book().Add(Heard(address), IPAddress.Parse(source)));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("10.1.2.3", "10.1.2.4")]
    [InlineData("192.168.1.1", "127.0.0.1")]
    [InlineData("8.8.8.8", "10.1.2.3")]
    [InlineData("2001:db8::1", "8.8.8.8")]
    public void An_address_of_the_tellers_own_surroundings_or_of_the_world_is_taken(string address, string source) =>
        Assert.True(Book().Add(Heard(address), IPAddress.Parse(source)));

    [Fact]
    public void One_network_that_names_any_number_of_addresses_fills_a_sixteenth_of_the_book()
    {
        AddressBook book = Book();
        IPAddress attacker = IPAddress.Parse("203.0.113.9");
        for (int i = 0; i < 100_000; i++)
        {
            book.Add(Heard(Address(i)), attacker);
        }

        Assert.True(book.Count <= AddressPlacement.NewBucketsPerSource * AddressPlacement.Slots);
        Assert.True(book.Count > AddressPlacement.NewBucketsPerSource * AddressPlacement.Slots / 3, "and not much less: the buckets are used");
    }

    [Fact]
    public void The_book_is_bounded_whoever_speaks()
    {
        AddressBook book = Book();
        for (int i = 0; i < 100_000; i++)
        {
            book.Add(Heard(Address(i)), Source(i % 5_000));
        }

        Assert.True(book.Count <= AddressPlacement.NewBuckets * AddressPlacement.Slots);
        Assert.True(book.Count > AddressPlacement.NewBuckets * AddressPlacement.Slots / 2);
    }

    [Fact]
    public void Addresses_of_one_network_get_into_few_places_of_the_tried()
    {
        AddressBook book = Book();
        for (int i = 0; i < 2_000; i++)
        {
            IPEndPoint address = EndPoint($"203.0.{i / 250}.{i % 250}");
            book.Connected(address, PeerServices.Blocks);
        }

        Assert.True(book.TriedCount <= AddressPlacement.TriedBucketsPerGroup * AddressPlacement.Slots);
    }

    [Fact]
    public void An_address_that_works_keeps_its_place_until_it_was_dialled_in_vain()
    {
        AddressBook book = Book();
        IPEndPoint first = EndPoint("203.0.113.1");
        book.Connected(first, PeerServices.Blocks);
        int i = 0;
        while (Test(book) is null)
        {
            book.Connected(EndPoint($"203.0.{i / 250}.{i++ % 250}"), PeerServices.Blocks);
        }

        IPEndPoint occupant = Test(book)!;
        int tried = book.TriedCount;
        book.Connected(occupant, PeerServices.Blocks); // it still works: the candidate waits no longer
        Assert.Null(Test(book));
        Assert.Equal(tried, book.TriedCount);

        while (Test(book) is null)
        {
            book.Connected(EndPoint($"203.0.{i / 250}.{i++ % 250}"), PeerServices.Blocks);
        }

        occupant = Test(book)!;
        IPEndPoint candidate = EndPoint($"203.0.{(i - 1) / 250}.{(i - 1) % 250}");
        tried = book.TriedCount;
        book.Failed(occupant);
        Assert.Null(Test(book));
        Assert.Equal(tried, book.TriedCount);
        Assert.Null(book.Pick(untried: true, address => address.EndPoint.Equals(candidate)));
        Assert.Equal(candidate, book.Pick(untried: false, address => address.EndPoint.Equals(candidate))?.EndPoint);
    }

    [Fact]
    public void What_was_dialled_in_vain_again_and_again_gives_way()
    {
        AddressBook book = Book();
        IPAddress attacker = IPAddress.Parse("203.0.113.9");
        for (int i = 0; i < 20_000; i++)
        {
            book.Add(Heard(Address(i)), attacker);
        }

        int full = book.Count;
        IPEndPoint dead = book.Pick(untried: false, _ => true)!.EndPoint;
        for (int i = 0; i < 3; i++)
        {
            book.Failed(dead);
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        for (int i = 20_000; i < 60_000; i++)
        {
            book.Add(Heard(Address(i)), attacker);
        }

        Assert.Null(book.Pick(untried: false, address => address.EndPoint.Equals(dead)));
        Assert.True(book.Count >= full);
    }

    [Fact]
    public void What_nobody_has_seen_for_a_month_is_not_taken_and_not_told()
    {
        AddressBook book = Book();
        Assert.False(book.Add(Heard("198.51.100.1") with { LastSeen = Now - (31 * 86_400) }, Source(1)));
        Assert.True(book.Add(Heard("198.51.100.2"), Source(1)));
        _time.Advance(TimeSpan.FromDays(31));
        Assert.Empty(book.Sample(250, _ => true));
    }

    [Fact]
    public void A_time_that_lies_ahead_is_not_believed()
    {
        AddressBook book = Book();
        book.Add(Heard("198.51.100.2") with { LastSeen = ulong.MaxValue }, Source(1));
        Assert.Equal(Now - 7200, Assert.Single(book.Sample(250, _ => true)).LastSeen);
    }

    [Fact]
    public void A_peer_is_told_a_random_part_of_the_book()
    {
        AddressBook book = Book();
        for (int i = 0; i < 400; i++)
        {
            book.Add(Heard(Address(i)), Source(i));
        }

        IReadOnlyList<AdvertisedAddress> first = book.Sample(Addresses.Most, _ => true);
        IReadOnlyList<AdvertisedAddress> second = book.Sample(Addresses.Most, _ => true);
        Assert.Equal(((book.Count * 23) + 99) / 100, first.Count);
        Assert.Equal(first.Count, first.DistinctBy(address => address.EndPoint).Count());
        Assert.NotEqual(first, second);
        Assert.Equal(5, book.Sample(5, _ => true).Count);
    }

    [Fact]
    public void A_small_network_is_told_whole()
    {
        AddressBook book = Book();
        for (int i = 0; i < 5; i++)
        {
            book.Add(Heard(Address(i)), Source(i));
        }

        Assert.Equal(book.Count, book.Sample(Addresses.Most, _ => true).Count);
    }

    [Fact]
    public void Every_address_is_drawn_some_day()
    {
        AddressBook book = Book();
        for (int i = 0; i < 50; i++)
        {
            book.Add(Heard(Address(i)), Source(i));
            if (i % 3 == 0)
            {
                book.Connected(new IPEndPoint(IPAddress.Parse(Address(i)), 30545), PeerServices.Blocks);
            }
        }

        Assert.Equal(book.Count, Enumerable.Range(0, 5_000).Select(_ => book.Pick(untried: false, _ => true)!.EndPoint).Distinct().Count());
    }

    [Fact]
    public void The_book_and_its_secret_outlive_a_restart()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Sub("addresses.json");
        AddressBook book = Book(path);
        for (int i = 0; i < 300; i++)
        {
            book.Add(Heard(Address(i)), Source(i));
        }

        for (int i = 0; i < 30; i++)
        {
            book.Connected(new IPEndPoint(IPAddress.Parse(Address(i)), 30545), PeerServices.Blocks | PeerServices.Archive);
        }

        book.KeepAnchors([EndPoint("198.51.100.1"), EndPoint("198.51.100.2")]);
        Assert.False(File.Exists(path));
        book.Dispose();

        string key = Key(path);

        AddressBook again = Book(path, seed: 99);
        Assert.Equal((book.Count, book.TriedCount), (again.Count, again.TriedCount));
        Assert.Equal(book.Anchors, again.Anchors);
        again.KeepAnchors([]);
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(key, Key(path));
        Assert.Empty(_log.Lines);

        static string Key(string file) => System.Text.Json.JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("Key").GetString()!;
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"Key\":\"00\",\"Anchors\":[],\"Addresses\":[]}")]
    [InlineData("{\"Key\":\"xx\",\"Anchors\":[],\"Addresses\":[]}")]
    [InlineData("{\"Key\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"Anchors\":[\"nowhere\"],\"Addresses\":[]}")]
    public void A_damaged_book_is_set_aside_and_begun_anew(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Sub("addresses.json"), text);
        AddressBook book = Book(folder.Sub("addresses.json"));
        Assert.Equal(0, book.Count);
        Assert.True(book.Add(Heard("198.51.100.1"), Source(1)));
        Assert.Equal(text, File.ReadAllText(folder.Sub("addresses.json.damaged")));
        Assert.Equal(1909, Assert.Single(_log.Lines).Id);
    }

    [Fact]
    public void What_could_not_be_dialled_rests_longer_each_time()
    {
        AddressBook book = Book();
        IPEndPoint address = EndPoint("198.51.100.1");
        book.Connected(address, PeerServices.Blocks);
        foreach (int seconds in new[] { 10, 20, 40, 80 })
        {
            book.Failed(address);
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.Null(book.Pick(untried: false, _ => true));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(address, book.Pick(untried: false, _ => true)?.EndPoint);
        }
    }

    /// <summary>The address that is to be dialled before it may be pushed out; null where there is none.</summary>
    private static IPEndPoint? Test(AddressBook book)
    {
        IPEndPoint? picked = book.Pick(untried: true, _ => true)?.EndPoint;
        return picked is not null && book.IsTried(picked) ? picked : null;
    }

    private static string Address(int i) => $"{11 + (i / 62_500 % 80)}.{i / 250 % 250}.{i % 250}.7";

    private static IPAddress Source(int i) => IPAddress.Parse($"{100 + (i / 250)}.{i % 250}.1.1");

    private static IPEndPoint EndPoint(string address) => new(IPAddress.Parse(address), 30545);

    private AdvertisedAddress Heard(string address) => new(EndPoint(address), PeerServices.Blocks, Now);

    private AddressBook Book(string? path = null, int seed = 1)
    {
        var random = new Random(seed);
        return new AddressBook(_time, random.Next, path, _log.For<AddressBook>());
    }
}
