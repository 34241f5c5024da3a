using System.Net;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Transport;

/// <summary>The queues, rates and gates that keep a peer from choosing how much memory and time it gets.</summary>
public sealed class BoundsTests
{
    private static readonly IPAddress Somewhere = IPAddress.Parse("203.0.113.5");
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_queue_holds_so_many_items_and_so_many_bytes_and_writers_wait_in_their_order()
    {
        var queue = new BoundedQueue<int>(mostItems: 3, mostBytes: 10);
        Assert.True(queue.TryPut(1, 100), "one large item, when nothing else waits");
        Assert.False(queue.TryPut(2, 1));
        ValueTask<bool> second = queue.PutAsync(2, 8, CancellationToken.None);
        ValueTask<bool> third = queue.PutAsync(3, 3, CancellationToken.None);
        ValueTask<bool> fourth = queue.PutAsync(4, 1, CancellationToken.None);

        Assert.Equal((true, 1), await queue.TakeAsync(CancellationToken.None));
        Assert.True(await second);
        Assert.False(third.IsCompleted || fourth.IsCompleted, "the small one does not overtake the one that has no room");
        Assert.False(queue.TryPut(5, 1), "nor does one that does not wait");
        Assert.Equal((true, 2), await queue.TakeAsync(CancellationToken.None));
        Assert.True(await third && await fourth);
        Assert.True(queue.TryPut(5, 1));
        Assert.False(queue.TryPut(6, 1));
        Assert.Equal(3, queue.Count);
    }

    [Fact]
    public async Task A_finished_queue_gives_its_last_item_and_releases_all_who_wait()
    {
        var queue = new BoundedQueue<int>(1, 10);
        Assert.True(queue.TryPut(1, 1));
        ValueTask<bool> waiting = queue.PutAsync(2, 1, CancellationToken.None);
        queue.Finish(9, hasLast: true);
        queue.Finish(10, hasLast: true);
        Assert.False(await waiting);
        Assert.False(await queue.PutAsync(3, 1, CancellationToken.None));
        Assert.False(queue.TryPut(3, 1));
        Assert.Equal((true, 9), await queue.TakeAsync(CancellationToken.None));
        Assert.False((await queue.TakeAsync(CancellationToken.None)).Taken);
    }

    [Fact]
    public async Task A_writer_that_gives_up_leaves_its_place()
    {
        var queue = new BoundedQueue<int>(1, 10);
        Assert.True(queue.TryPut(1, 1));
        using var cancelled = new CancellationTokenSource();
        Task<bool> waiting = queue.PutAsync(2, 1, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal((true, 1), await queue.TakeAsync(CancellationToken.None));
        Assert.Equal(0, queue.Count);
        Assert.True(queue.TryPut(3, 1));
    }

    [Fact]
    public async Task A_reader_waits_until_there_is_something()
    {
        var queue = new BoundedQueue<int>(1, 10);
        Task<(bool Taken, int Item)> reading = queue.TakeAsync(CancellationToken.None).AsTask();
        Assert.False(reading.IsCompleted);
        queue.TryPut(7, 1);
        Assert.Equal((true, 7), await reading.WaitAsync(Eventually.Patience));
    }

    [Fact]
    public void A_bucket_lets_through_its_burst_and_then_its_rate()
    {
        var bucket = new TokenBucket(perSecond: 2, burst: 5, _time);
        Assert.True(Enumerable.Range(0, 5).All(_ => bucket.TryTake()));
        Assert.False(bucket.TryTake());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(bucket.TryTake() && bucket.TryTake());
        Assert.False(bucket.TryTake());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(bucket.IsFull);
        Assert.True(bucket.TryTake(5));
        Assert.False(bucket.TryTake());
    }

    [Fact]
    public void Of_one_address_few_may_shake_hands_at_once_and_in_a_short_time()
    {
        InboundGate gate = Gate(new PeerOptions { PerAddress = 2 });
        Assert.Null(gate.Enter(Somewhere));
        Assert.Null(gate.Enter(Somewhere));
        Assert.Equal("too-many-connections", gate.Enter(Somewhere));
        Assert.Null(gate.Enter(IPAddress.Parse("203.0.113.6")));
        gate.Leave(Somewhere);
        gate.Leave(Somewhere);

        int taken = 2;
        while (gate.Enter(Somewhere) is null)
        {
            taken++;
            gate.Leave(Somewhere);
        }

        Assert.Equal(new TransportLimits().AcceptBurst, taken);
        _time.Advance(new TransportLimits().AcceptInterval);
        Assert.Null(gate.Enter(Somewhere));
    }

    [Fact]
    public void A_network_of_64_bits_is_one_address_and_loopback_is_none()
    {
        InboundGate gate = Gate(new PeerOptions { PerAddress = 1 });
        Assert.Null(gate.Enter(IPAddress.Parse("2001:db8:1:2::1")));
        Assert.Equal("too-many-connections", gate.Enter(IPAddress.Parse("2001:db8:1:2:3::1")));
        Assert.Null(gate.Enter(IPAddress.Parse("2001:db8:1:3::1")));
        Assert.Null(gate.Enter(IPAddress.Parse("::ffff:203.0.113.5")));
        Assert.Equal("too-many-connections", gate.Enter(Somewhere));
        Assert.All(Enumerable.Range(0, 40), _ => Assert.Null(gate.Enter(IPAddress.Loopback)));
    }

    [Fact]
    public void In_all_only_so_many_may_shake_hands()
    {
        InboundGate gate = Gate(new PeerOptions());
        int most = new TransportLimits().PendingHandshakes;
        Assert.All(Enumerable.Range(0, most), i => Assert.Null(gate.Enter(IPAddress.Parse($"203.0.{i}.1"))));
        Assert.Equal("too-many-connections", gate.Enter(IPAddress.Loopback));
        gate.Leave(IPAddress.Parse("203.0.7.1"));
        Assert.Null(gate.Enter(IPAddress.Loopback));
    }

    [Fact]
    public void A_banned_address_does_not_get_as_far_as_TLS() =>
        Assert.Equal("banned", new InboundGate(new PeerOptions(), new TransportLimits(), address => address.Equals(Somewhere), _time).Enter(Somewhere));

    [Fact]
    public void Addresses_are_remembered_in_bounds_and_none_gets_past_the_rate_by_their_number()
    {
        InboundGate gate = Gate(new PeerOptions());
        for (int i = 0; i < 10_000; i++)
        {
            var address = IPAddress.Parse($"{1 + (i / 62_500)}.{i / 250 % 250}.{i % 250}.1");
            if (gate.Enter(address) is null)
            {
                gate.Leave(address);
            }
        }

        Assert.Equal("too-many-connections", gate.Enter(IPAddress.Parse("198.51.100.1")));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(gate.Enter(IPAddress.Parse("198.51.100.1")));
    }

    [Theory]
    [InlineData("::ffff:203.0.113.5", "203.0.113.5", "4:cb00")]
    [InlineData("203.0.113.5", "203.0.113.5", "4:cb00")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "6:20010db8")]
    [InlineData("::1", "::1", "6:00000000")]
    public void An_address_has_an_owner_and_a_group(string address, string owner, string group)
    {
        Assert.Equal(IPAddress.Parse(owner), PeerAddress.Owner(IPAddress.Parse(address)));
        Assert.Equal(group, PeerAddress.Group(IPAddress.Parse(address)));
    }

    private InboundGate Gate(PeerOptions options) => new(options, new TransportLimits(), _ => false, _time);
}
