using System.Security.Cryptography;
using Basilisk.Store.Events;
using static Basilisk.Store.Tests.Support.Expect;

namespace Basilisk.Store.Tests.Conformance;

public abstract class EventStoreTests : StoreTests
{
    private IEventStore Events => Store.Events;

    [Fact]
    public async Task An_empty_store_has_no_events_and_mark_zero()
    {
        Assert.Equal(0, await Events.HighWaterMarkAsync());
        Assert.Equal(0, await Events.StreamVersionAsync("chain"));
        Assert.Empty(await Events.ReadPageAsync(0, 10));
        Assert.Empty(await ToListAsync(Events.ReadStreamAsync("chain")));
    }

    [Fact]
    public async Task An_append_is_read_back_with_every_field()
    {
        var result = await Events.AppendAsync("chain", 0, [Event(1), new NewEvent("ended", "[1, \"ä\\n\", null]")]);

        Assert.Equal(2, result.Version);
        Assert.True(result.FirstSequence < result.LastSequence);
        var read = await ToListAsync(Events.ReadStreamAsync("chain"));
        Assert.Equal([1L, 2L], read.Select(e => e.Version));
        Assert.Equal([result.FirstSequence, result.LastSequence], read.Select(e => e.Sequence));
        Assert.Equal(["counted", "ended"], read.Select(e => e.Type));
        Assert.Equal(["Basilisk.Tests.Counted", null], read.Select(e => e.DotnetType));
        Assert.All(read, e => Assert.Equal("chain", e.Stream));
        Assert.Equal(2, read.Select(e => e.Id).Distinct().Count());
        SameJson("{\"number\":1}", read[0].Json);
        SameJson("[1,\"ä\\n\",null]", read[1].Json);
    }

    [Fact]
    public async Task Timestamps_are_the_given_clock_cut_to_microseconds()
    {
        await Events.AppendAsync("chain", 0, [Event(1)]);
        Clock.Now = Start.AddHours(1);
        await Events.AppendAsync("chain", 1, [Event(2)]);

        var read = await ToListAsync(Events.ReadStreamAsync("chain"));
        Assert.Equal([Start.AddTicks(-7), Start.AddHours(1).AddTicks(-7)], read.Select(e => e.Timestamp));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    public async Task An_append_at_another_version_is_refused_with_both_versions(long expected, long actual)
    {
        await Events.AppendAsync("chain", 0, [Event(1), Event(2)]);

        var e = await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Events.AppendAsync("chain", expected, [Event(3)]));

        Assert.Equal(("chain", expected, actual), (e.Stream, e.Expected, e.Actual));
        Assert.Equal(2, await Events.StreamVersionAsync("chain"));
        Assert.Equal(2, (await AllAsync(Events)).Count);
    }

    [Fact]
    public async Task An_append_to_a_missing_stream_above_zero_names_version_zero()
    {
        var e = await Assert.ThrowsAsync<WrongExpectedVersionException>(() => Events.AppendAsync("chain", 5, [Event(1)]));
        Assert.Equal(0, e.Actual);
    }

    [Fact]
    public async Task Streams_are_apart_and_sequences_run_through_all_of_them()
    {
        await Events.AppendAsync("a", 0, [Event(1)]);
        await Events.AppendAsync("b", 0, [Event(2), Event(3)]);
        await Events.AppendAsync("a", 1, [Event(4)]);

        var all = await AllAsync(Events, page: 3);
        Assert.Equal(["a", "b", "b", "a"], all.Select(e => e.Stream));
        Assert.Equal([1L, 1L, 2L, 2L], all.Select(e => e.Version));
        Assert.Equal(all.Select(e => e.Sequence).Order(), all.Select(e => e.Sequence));
        Assert.Equal(all[^1].Sequence, await Events.HighWaterMarkAsync());
        Assert.Equal([2L], (await ToListAsync(Events.ReadStreamAsync("a", 2))).Select(e => e.Version));
    }

    [Fact]
    public async Task A_long_stream_is_read_whole_from_any_version()
    {
        await Events.AppendAsync("long", 0, [.. Enumerable.Range(1, 1203).Select(i => Event(i))]);

        Assert.Equal(Enumerable.Range(700, 504).Select(i => (long)i), (await ToListAsync(Events.ReadStreamAsync("long", 700))).Select(e => e.Version));
        Assert.Equal(Enumerable.Range(1, 1203).Select(i => (long)i), (await AllAsync(Events, 100)).Select(e => e.Version));
    }

    [Fact]
    public async Task Blobs_are_stored_with_the_append_and_inserting_again_is_harmless()
    {
        var bytes = RandomNumberGenerator.GetBytes(100_000);
        await Events.AppendAsync("chain", 0, [Event(1)], [new NewBlob(Key(1), bytes), new NewBlob(Key(2), new byte[] { 7 })]);
        await Events.AppendAsync("chain", 1, [Event(2)], [new NewBlob(Key(1), bytes.AsMemory()), new NewBlob(Key(3), bytes.AsMemory(5, 10))]);
        await Events.WriteBlobsAsync([new NewBlob(Key(4), ReadOnlyMemory<byte>.Empty), new NewBlob(Key(2), new byte[] { 7 })]);

        Assert.Equal(bytes, (await Events.ReadBlobAsync(Key(1))).ToArray());
        Assert.Equal(bytes[5..15], (await Events.ReadBlobAsync(Key(3))).ToArray());
        Assert.Equal(0, (await Events.ReadBlobAsync(Key(4))).Length);
        Assert.True(await Events.HasBlobAsync(Key(2)));
        Assert.False(await Events.HasBlobAsync(Key(9)));
    }

    [Fact]
    public async Task A_blob_with_other_bytes_under_a_known_key_refuses_the_whole_append()
    {
        await Events.WriteBlobsAsync([new NewBlob(Key(1), new byte[] { 1 })]);

        var e = await Assert.ThrowsAsync<BlobConflictException>(() =>
            Events.AppendAsync("chain", 0, [Event(1)], [new NewBlob(Key(2), new byte[] { 2 }), new NewBlob(Key(1), new byte[] { 9 })]));

        Assert.Equal(Key(1), e.Key);
        Assert.Equal(0, await Events.StreamVersionAsync("chain"));
        Assert.False(await Events.HasBlobAsync(Key(2)));
        Assert.Equal([1], (await Events.ReadBlobAsync(Key(1))).ToArray());
    }

    [Fact]
    public async Task A_refused_append_leaves_no_blob()
    {
        await Events.AppendAsync("chain", 0, [Event(1)]);
        await Assert.ThrowsAsync<WrongExpectedVersionException>(() =>
            Events.AppendAsync("chain", 0, [Event(2)], [new NewBlob(Key(1), new byte[] { 1 })]));
        Assert.False(await Events.HasBlobAsync(Key(1)));
    }

    [Fact]
    public async Task A_missing_blob_is_named_and_a_deleted_one_is_missing()
    {
        await Events.WriteBlobsAsync([new NewBlob(Key(1), new byte[] { 1 })]);
        Assert.True(await Events.DeleteBlobAsync(Key(1)));
        Assert.False(await Events.DeleteBlobAsync(Key(1)));

        var e = await Assert.ThrowsAsync<BlobMissingException>(() => Events.ReadBlobAsync(Key(1)));
        Assert.Equal(Key(1), e.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":\"\\u0000\"}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("1e999999")]
    [InlineData("nul")]
    public async Task Json_that_cannot_be_stored_is_refused_and_nothing_is_written(string json)
    {
        await Assert.ThrowsAsync<InvalidJsonException>(() =>
            Events.AppendAsync("chain", 0, [Event(1), new NewEvent("bad", json)], [new NewBlob(Key(1), new byte[] { 1 })]));
        Assert.Equal(0, await Events.StreamVersionAsync("chain"));
        Assert.False(await Events.HasBlobAsync(Key(1)));
    }

    [Fact]
    public async Task Arguments_out_of_bounds_are_refused_before_anything_happens()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Events.AppendAsync("", 0, [Event(1)]));
        await Assert.ThrowsAsync<ArgumentException>(() => Events.AppendAsync(new string('x', EventLimits.MaxStreamBytes + 1), 0, [Event(1)]));
        await Assert.ThrowsAsync<ArgumentException>(() => Events.AppendAsync("chain", 0, []));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Events.AppendAsync("chain", -1, [Event(1)]));
        await Assert.ThrowsAsync<ArgumentException>(() => Events.AppendAsync("chain", 0, [new NewEvent("", "1")]));
        await Assert.ThrowsAsync<ArgumentException>(() => Events.AppendAsync("a\0b", 0, [Event(1)]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Events.ReadPageAsync(0, 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Events.ReadPageAsync(-1, 1));
        Assert.Throws<ArgumentException>(() => new BlobKey(new byte[31]));
        await Events.AppendAsync(new string('x', EventLimits.MaxStreamBytes), 0, [Event(1)]);
        Assert.Single(await AllAsync(Events));
    }

    [Fact]
    public async Task Of_many_writers_at_one_version_exactly_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await Events.AppendAsync("chain", 0, [Event(i)]);
                return true;
            }
            catch (WrongExpectedVersionException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, won => won);
        Assert.Equal(1, await Events.StreamVersionAsync("chain"));
    }

    [Fact]
    public async Task An_import_continues_streams_and_appends_go_on_behind_it()
    {
        await Events.AppendAsync("a", 0, [Event(1), Event(2)]);
        var old = new DateTimeOffset(2020, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));

        var count = await Events.ImportAsync(Source());
        await Events.AppendAsync("a", 502, [Event(9)]);
        await Events.AppendAsync("b", 500, [Event(9)]);

        Assert.Equal(1000, count);
        var all = await AllAsync(Events, 300);
        Assert.Equal(1004, all.Count);
        Assert.Equal(Enumerable.Range(1, 503).Select(i => (long)i), all.Where(e => e.Stream == "a").Select(e => e.Version));
        Assert.Equal(Enumerable.Range(1, 501).Select(i => (long)i), all.Where(e => e.Stream == "b").Select(e => e.Version));
        Assert.Equal(old, all[2].Timestamp);
        Assert.Equal(Start.AddTicks(-7), all[3].Timestamp);
        Assert.Equal(0, await Events.ImportAsync(Nothing()));

        async IAsyncEnumerable<ImportEvent> Source()
        {
            for (var i = 0; i < 1000; i++)
            {
                await Task.Yield();
                yield return new ImportEvent(i % 2 == 0 ? "a" : "b", Event(i), i == 0 ? old : null);
            }
        }

        static async IAsyncEnumerable<ImportEvent> Nothing()
        {
            await Task.CompletedTask;
            yield break;
        }
    }

    [Fact]
    public async Task An_import_whose_source_fails_leaves_nothing_behind()
    {
        await Events.AppendAsync("a", 0, [Event(1)]);

        await Assert.ThrowsAsync<IOException>(() => Events.ImportAsync(Source()));

        Assert.Single(await AllAsync(Events));
        await Events.AppendAsync("a", 1, [Event(2)]);
        Assert.Equal(2, (await AllAsync(Events)).Count);

        static async IAsyncEnumerable<ImportEvent> Source()
        {
            for (var i = 0; i < 50; i++)
            {
                await Task.Yield();
                yield return new ImportEvent("a", Event(i));
            }
            throw new IOException("line 51");
        }
    }

    [Fact]
    public async Task A_subscription_begins_with_what_is_there_and_follows_appends()
    {
        using var stop = new CancellationTokenSource(Patience);
        await Events.AppendAsync("a", 0, [Event(1), Event(2)]);
        await using var marks = Events.SubscribeAsync(0, stop.Token).GetAsyncEnumerator(stop.Token);

        Assert.True(await marks.MoveNextAsync());
        Assert.Equal(await Events.HighWaterMarkAsync(), marks.Current);
        for (var i = 2; i < 7; i++)
        {
            var next = marks.MoveNextAsync();
            var appended = await Events.AppendAsync("a", i, [Event(i)]);
            Assert.True(await next);
            Assert.Equal(appended.LastSequence, marks.Current);
        }
        var last = marks.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await last);
    }

    [Fact]
    public async Task A_subscription_after_the_mark_waits_for_the_next_event()
    {
        using var stop = new CancellationTokenSource(Patience);
        var first = await Events.AppendAsync("a", 0, [Event(1)]);
        await using var marks = Events.SubscribeAsync(first.LastSequence, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = marks.MoveNextAsync();
        Assert.False(next.IsCompleted);
        var second = await Events.AppendAsync("a", 1, [Event(2)]);
        Assert.True(await next);
        Assert.Equal(second.LastSequence, marks.Current);
    }

    [Fact]
    public async Task A_cancelled_append_writes_nothing()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Events.AppendAsync("a", 0, [Event(1)], cancellationToken: stop.Token));
        Assert.Empty(await AllAsync(Events));
    }
}
