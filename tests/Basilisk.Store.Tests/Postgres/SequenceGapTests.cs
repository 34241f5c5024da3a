using Basilisk.Store.Projections;
using Basilisk.Store.Tests.Support;
using Npgsql;
using static Basilisk.Store.Tests.Support.Expect;

namespace Basilisk.Store.Tests.Postgres;

/// <summary>A lower sequence that commits after a higher one must not be skipped.</summary>
public sealed class SequenceGapTests(ClusterFixture cluster)
{
    private const string Append =
        "select * from {0}.mt_append('{1}', 0, now(), array[gen_random_uuid()], array['late'], array['1'], array[null], array[]::bytea[], array[]::bytea[])";

    [Fact]
    public async Task A_reader_waits_for_a_lower_sequence_whose_transaction_is_delayed()
    {
        var schema = ClusterFixture.NewSchema();
        await using var store = await cluster.OpenAsync(schema);
        await store.Events.AppendAsync("before", 0, [Event(1)]);
        await using var delayed = await BeginAppendAsync(schema, "delayed");

        var later = await store.Events.AppendAsync("later", 0, [Event(2), Event(3)]);

        // The later events are committed and visible by stream, but above the mark.
        Assert.Equal(2, (await ToListAsync(store.Events.ReadStreamAsync("later"))).Count);
        Assert.Equal(["before"], (await AllAsync(store.Events)).Select(e => e.Stream));
        Assert.True(await store.Events.HighWaterMarkAsync() < later.FirstSequence);

        await delayed.CommitAsync();

        Assert.Equal(["before", "delayed", "later", "later"], (await AllAsync(store.Events)).Select(e => e.Stream));
        Assert.Equal(later.LastSequence, await store.Events.HighWaterMarkAsync());
    }

    [Fact]
    public async Task A_gap_left_by_a_rollback_is_passed_without_a_notification()
    {
        using var stop = new CancellationTokenSource(Patience);
        var schema = ClusterFixture.NewSchema();
        await using var store = await cluster.OpenAsync(schema);
        await using var marks = store.Events.SubscribeAsync(0, stop.Token).GetAsyncEnumerator(stop.Token);
        var delayed = await BeginAppendAsync(schema, "delayed");
        var later = await store.Events.AppendAsync("later", 0, [Event(1)]);
        var next = marks.MoveNextAsync();
        Assert.Empty(await AllAsync(store.Events));

        await delayed.RollbackAsync();
        await delayed.DisposeAsync();

        Assert.True(await next);
        Assert.Equal(later.LastSequence, marks.Current);
        Assert.Equal(["later"], (await AllAsync(store.Events)).Select(e => e.Stream));
    }

    [Fact]
    public async Task A_live_projection_sees_every_event_of_eight_writers()
    {
        using var stop = new CancellationTokenSource();
        await using var store = await cluster.OpenAsync();
        var projection = new CountingProjection();
        var runner = new ProjectionRunner(store, [projection], new ProjectionRunnerOptions { PageSize = 10 });
        var running = runner.RunAsync(stop.Token);

        var last = await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            var sequence = 0L;
            for (var i = 0; i < 40; i++)
            {
                sequence = (await store.Events.AppendAsync($"w{writer}", i, [Event(i)])).LastSequence;
            }
            return sequence;
        }));

        await runner.WaitForAsync(last.Max()).WaitAsync(Patience);
        for (var writer = 0; writer < 8; writer++)
        {
            SameJson("40", await store.Documents.GetAsync(projection.Counts, $"w{writer}"));
        }
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [Fact]
    public async Task An_import_holds_the_mark_until_it_commits()
    {
        await using var store = await cluster.OpenAsync();
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var import = store.Events.ImportAsync(Source());
        await halfway.Task.WaitAsync(Patience);
        var append = store.Events.AppendAsync("other", 0, [Event(1)]);
        Assert.Equal(0, await store.Events.HighWaterMarkAsync());
        goOn.SetResult();

        await import.WaitAsync(Patience);
        await append.WaitAsync(Patience);
        Assert.Equal(["import", "import", "other"], (await AllAsync(store.Events)).Select(e => e.Stream));

        async IAsyncEnumerable<Basilisk.Store.Events.ImportEvent> Source()
        {
            yield return new("import", Event(1));
            halfway.SetResult();
            await goOn.Task;
            yield return new("import", Event(2));
        }
    }

    private async Task<NpgsqlTransaction> BeginAppendAsync(string schema, string stream)
    {
        var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var append = new NpgsqlCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, Append, schema, stream), connection);
        await append.ExecuteNonQueryAsync();
        return transaction;
    }
}
