using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Projections;
using Basilisk.Store.Tests.Support;
using static Basilisk.Store.Tests.Support.Expect;

namespace Basilisk.Store.Tests.Conformance;

public abstract class ProjectionTests : StoreTests
{
    private static readonly ProjectionRunnerOptions SmallPages = new() { PageSize = 3, RetryDelay = TimeSpan.FromMilliseconds(10) };

    [Fact]
    public async Task Catching_up_applies_every_event_once_and_a_second_time_nothing()
    {
        var projection = new CountingProjection();
        var runner = new ProjectionRunner(Store, [projection], SmallPages);
        await AppendAsync("a", 0, 5);
        await AppendAsync("b", 0, 6);
        await runner.CatchUpAsync();
        await runner.CatchUpAsync();
        await AppendAsync("a", 5, 2);
        await new ProjectionRunner(Store, [projection], SmallPages).CatchUpAsync();

        await AssertCountsAsync(projection, ("a", 7), ("b", 6));
        var status = Assert.Single(await runner.StatusAsync());
        Assert.Equal((projection.Name, 1, status.HighWater), (status.Name, status.Version, status.Position));
        Assert.Equal(await Store.Events.HighWaterMarkAsync(), status.HighWater);
    }

    [Fact]
    public async Task A_projection_that_throws_names_itself_the_sequence_and_the_type_and_keeps_the_page_before()
    {
        var projection = new CountingProjection { Before = e => e.Version == 5 ? throw new FormatException("odd payload") : Task.CompletedTask };
        var other = new CountingProjection("other");
        var runner = new ProjectionRunner(Store, [other, projection], SmallPages);
        await AppendAsync("a", 0, 7);

        var e = await Assert.ThrowsAsync<ProjectionFailedException>(() => runner.CatchUpAsync());

        var fifth = (await ToListAsync(Store.Events.ReadStreamAsync("a", 5)))[0];
        Assert.Equal((projection.Name, fifth.Sequence, "counted"), (e.Projection, e.Sequence, e.EventType));
        Assert.IsType<FormatException>(e.InnerException);
        Assert.Contains("odd payload", e.Message, StringComparison.Ordinal);
        await AssertCountsAsync(projection, ("a", 3));
        await AssertCountsAsync(other, ("a", 7));
        var status = (await runner.StatusAsync()).Single(s => s.Name == projection.Name);
        Assert.Equal(ProjectionState.Failed, status.State);
        Assert.Equal(e.Message, status.Error);

        projection.Before = null;
        await runner.CatchUpAsync();
        await AssertCountsAsync(projection, ("a", 7));
    }

    [Fact]
    public async Task A_raised_version_drops_the_documents_and_derives_them_again()
    {
        await AppendAsync("a", 0, 4);
        await new ProjectionRunner(Store, [new CountingProjection()], SmallPages).CatchUpAsync();
        var raised = new CountingProjection(version: 2);
        await new ProjectionRunner(Store, [raised], SmallPages).CatchUpAsync();

        await AssertCountsAsync(raised, ("a", 4));
        Assert.Equal(2, Assert.Single(await Store.Projections.PositionsAsync()).Version);
    }

    [Fact]
    public async Task A_projection_that_cannot_follow_an_event_is_prepared_and_derived_anew()
    {
        var projection = new CountingProjection();
        projection.Before = e => e.Version == 5 && !projection.IsPrepared ? throw new ProjectionOutdatedException("nothing kept") : Task.CompletedTask;
        var told = new List<string>();
        var runner = new ProjectionRunner(Store, [projection], SmallPages with { Outdated = (name, reason) => told.Add($"{name}: {reason.Message}") });
        await AppendAsync("a", 0, 7);

        await runner.CatchUpAsync();

        await AssertCountsAsync(projection, ("a", 7));
        Assert.Equal([$"{projection.Name}: nothing kept"], told);
        Assert.Equal("1", await Store.Documents.GetAsync(projection.Prepared, "once"));

        await runner.RebuildAsync(projection.Name);
        await AssertCountsAsync(projection, ("a", 7));
        Assert.Equal(2, told.Count);
    }

    [Fact]
    public async Task A_projection_that_fails_while_it_prepares_is_named_and_the_others_go_on()
    {
        var projection = new CountingProjection
        {
            Before = e => e.Version == 5 ? throw new ProjectionOutdatedException("nothing kept") : Task.CompletedTask,
            Preparing = () => throw new FormatException("odd log"),
        };
        var other = new CountingProjection("other");
        var runner = new ProjectionRunner(Store, [other, projection], SmallPages);
        await AppendAsync("a", 0, 7);

        var e = await Assert.ThrowsAsync<ProjectionFailedException>(() => runner.CatchUpAsync());

        Assert.Equal("odd log", Assert.IsType<FormatException>(e.InnerException).Message);
        await AssertCountsAsync(other, ("a", 7));
        await AssertCountsAsync(projection, ("a", 3));
    }

    [Fact]
    public async Task A_projection_that_twice_cannot_follow_the_same_event_fails()
    {
        var projection = new CountingProjection { Before = e => e.Version == 5 ? throw new ProjectionOutdatedException("nothing kept") : Task.CompletedTask };
        var runner = new ProjectionRunner(Store, [projection], SmallPages);
        await AppendAsync("a", 0, 7);

        var e = await Assert.ThrowsAsync<ProjectionFailedException>(() => runner.CatchUpAsync());

        Assert.IsType<ProjectionOutdatedException>(e.InnerException);
        await AssertCountsAsync(projection, ("a", 3));
    }

    [Fact]
    public async Task A_rebuild_reports_its_way_and_ends_with_equal_documents()
    {
        var projection = new CountingProjection();
        var other = new CountingProjection("other");
        var runner = new ProjectionRunner(Store, [projection, other], SmallPages);
        await AppendAsync("a", 0, 8);
        await runner.CatchUpAsync();
        var reports = new List<RebuildProgress>();

        await runner.RebuildAsync(projection.Name, new Listed(reports));

        await AssertCountsAsync(projection, ("a", 8));
        await AssertCountsAsync(other, ("a", 8));
        Assert.Equal(3, reports.Count);
        Assert.Equal(reports.Select(r => r.Position).Order(), reports.Select(r => r.Position));
        Assert.All(reports, r => Assert.Equal(reports[^1].Position, r.Target));
        await Assert.ThrowsAsync<ArgumentException>(() => runner.RebuildAsync("missing"));
    }

    [Fact]
    public async Task A_live_projection_follows_appends_until_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var projection = new CountingProjection();
        var runner = new ProjectionRunner(Store, [projection], SmallPages);
        await AppendAsync("a", 0, 4);
        var running = runner.RunAsync(stop.Token);
        for (var i = 4; i < 20; i += 2)
        {
            var appended = await AppendAsync("a", i, 2);
            await runner.WaitForAsync(appended.LastSequence).WaitAsync(Patience);
            await AssertCountsAsync(projection, ("a", i + 2));
        }
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
        Assert.Equal(ProjectionState.Stopped, Assert.Single(await runner.StatusAsync()).State);
    }

    [Fact]
    public async Task A_live_projection_that_fails_is_reported_and_revived_by_a_rebuild_while_others_go_on()
    {
        using var stop = new CancellationTokenSource();
        var failed = new TaskCompletionSource<ProjectionFailedException>(TaskCreationOptions.RunContinuationsAsynchronously);
        var broken = new CountingProjection("broken") { Before = e => e.Version == 2 ? throw new FormatException("no") : Task.CompletedTask };
        var sound = new CountingProjection("sound");
        var runner = new ProjectionRunner(Store, [broken, sound], SmallPages with { Failed = e => failed.SetResult(e) });
        var running = runner.RunAsync(stop.Token);
        await AppendAsync("a", 0, 5);

        Assert.Equal("broken", (await failed.Task.WaitAsync(Patience)).Projection);
        await Assert.ThrowsAsync<ProjectionFailedException>(() => runner.WaitForAsync(1).WaitAsync(Patience));
        broken.Before = null;
        await runner.RebuildAsync("broken");
        var appended = await AppendAsync("a", 5, 1);
        await runner.WaitForAsync(appended.LastSequence).WaitAsync(Patience);

        await AssertCountsAsync(broken, ("a", 6));
        await AssertCountsAsync(sound, ("a", 6));
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [Fact]
    public async Task Two_runners_of_one_projection_apply_each_event_once_between_them()
    {
        await AppendAsync("a", 0, 60);
        var projection = new CountingProjection { Before = async _ => await Task.Yield() };
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => new ProjectionRunner(Store, [projection], SmallPages).CatchUpAsync()));
        await AssertCountsAsync(projection, ("a", 60));
    }

    [Fact]
    public async Task A_session_reads_its_own_writes_and_nobody_else_does_before_the_commit()
    {
        await using (var session = await Store.Projections.BeginAsync("p"))
        {
            Assert.Null(session.Position);
            session.Upsert("c", "1", "{\"v\":1}", [new IndexKey("by", "x")]);
            session.Upsert("c", "2", "{\"v\":2}", [new IndexKey("by", "y")]);
            SameJson("{\"v\":1}", await session.GetAsync("c", "1"));
            Assert.Equal(["1", "2"], (await session.QueryAsync(new DocumentQuery("c") { Index = "by" })).Documents.Select(d => d.Id));
            session.Delete("c", "2");
            session.Upsert("c", "1", "{\"v\":3}", [new IndexKey("by", "z")]);
            Assert.Null(await session.GetAsync("c", "2"));
            Assert.Equal(1, await session.CountAsync(new DocumentQuery("c")));
            Assert.Equal(["z"], (await session.QueryAsync(new DocumentQuery("c") { Index = "by" })).Documents.Select(d => d.Key));
            Assert.Null(await Store.Documents.GetAsync("c", "1"));
            await session.CommitAsync(1, 7);
        }
        SameJson("{\"v\":3}", await Store.Documents.GetAsync("c", "1"));
        Assert.Equal([new ProjectionPosition("p", 1, 7)], await Store.Projections.PositionsAsync());
    }

    [Fact]
    public async Task A_session_that_is_not_committed_leaves_nothing()
    {
        await using (var session = await Store.Projections.BeginAsync("p"))
        {
            session.Upsert("c", "1", "{}");
            Assert.Equal(1, await session.CountAsync(new DocumentQuery("c")));
        }
        Assert.Null(await Store.Documents.GetAsync("c", "1"));
        Assert.Empty(await Store.Projections.PositionsAsync());
        // The collection is still nobody's.
        await Store.Documents.UpsertAsync("c", "1", "{}");
    }

    [Fact]
    public async Task A_collection_belongs_to_its_first_writer()
    {
        await using (var session = await Store.Projections.BeginAsync("p"))
        {
            session.Upsert("c", "1", "{}");
            await session.CommitAsync(1, 1);
        }
        await Store.Documents.UpsertAsync("application", "1", "{}");

        var direct = await Assert.ThrowsAsync<CollectionOwnedException>(() => Store.Documents.UpsertAsync("c", "2", "{}"));
        Assert.Equal(("c", "p"), (direct.Collection, direct.Owner));
        await Assert.ThrowsAsync<CollectionOwnedException>(() => Store.Documents.DeleteAsync("c", "1"));
        foreach (var (collection, owner) in new[] { ("c", "p"), ("application", "") })
        {
            await using var other = await Store.Projections.BeginAsync("q");
            var e = await Assert.ThrowsAsync<CollectionOwnedException>(async () =>
            {
                other.Upsert(collection, "2", "{}");
                await other.CommitAsync(1, 1);
            });
            Assert.Equal((collection, owner), (e.Collection, e.Owner));
        }
    }

    [Fact]
    public async Task Clearing_drops_the_projections_collections_and_no_others()
    {
        foreach (var name in new[] { "p", "q" })
        {
            await using var session = await Store.Projections.BeginAsync(name);
            session.Upsert(name + "1", "1", "{}", [new IndexKey("by", "x")]);
            session.Upsert(name + "2", "1", "{}");
            await session.CommitAsync(1, 1);
        }
        await using (var session = await Store.Projections.BeginAsync("p"))
        {
            session.Upsert("p1", "9", "{}");
            await session.ClearAsync();
            session.Upsert("p2", "2", "{}");
            await session.CommitAsync(2, 0);
        }
        Assert.Equal(0, await Store.Documents.CountAsync(new DocumentQuery("p1")));
        Assert.Equal(0, await Store.Documents.CountAsync(new DocumentQuery("p1") { Index = "by" }));
        Assert.Equal(["2"], (await Store.Documents.QueryAsync(new DocumentQuery("p2"))).Documents.Select(d => d.Id));
        Assert.Equal(1, await Store.Documents.CountAsync(new DocumentQuery("q1") { Index = "by" }));
    }

    [Fact]
    public void Options_out_of_bounds_are_refused_by_name()
    {
        var e = Assert.Throws<StoreConfigurationException>(() => new ProjectionRunner(Store, [], new ProjectionRunnerOptions { PageSize = 0 }));
        Assert.Equal("PageSize", e.Setting);
    }

    private Task<AppendResult> AppendAsync(string stream, long version, int count) =>
        Store.Events.AppendAsync(stream, version, [.. Enumerable.Range((int)version + 1, count).Select(i => Event(i))]);

    private async Task AssertCountsAsync(CountingProjection projection, params (string Stream, int Count)[] expected)
    {
        foreach (var (stream, count) in expected)
        {
            SameJson(count.ToString(System.Globalization.CultureInfo.InvariantCulture), await Store.Documents.GetAsync(projection.Counts, stream));
            Assert.Equal(count, await Store.Documents.CountAsync(new DocumentQuery(projection.Seen) { Index = "stream", KeyEquals = stream }));
        }
        Assert.Equal(expected.Length, await Store.Documents.CountAsync(new DocumentQuery(projection.Counts)));
    }

    /// <summary>Unlike Progress, reports at once and in order.</summary>
    private sealed class Listed(List<RebuildProgress> reports) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => reports.Add(value);
    }
}
