using System.Globalization;
using System.Text.Json.Nodes;
using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Memory;
using Basilisk.Store.Tests.Support;

namespace Basilisk.Store.Tests.Conformance;

/// <summary>The same random operations on both stores give the same answers; the store in memory is the model of the other.</summary>
public sealed class TwinTests(ClusterFixture cluster)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_events_and_blobs_give_equal_answers(int seed)
    {
        var random = new Random(seed);
        var clock = new FixedClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var model = new MemoryStore(clock);
        await using var real = await cluster.OpenAsync(time: clock);
        for (var step = 0; step < 120; step++)
        {
            clock.Now += TimeSpan.FromTicks(random.Next(100_000_000));
            var operation = EventOperation(random);
            Assert.Equal(await AnswerAsync(operation, model), await AnswerAsync(operation, real));
        }
        var expected = (await Expect.AllAsync(model.Events)).Select(Text);
        Assert.Equal(expected, (await Expect.AllAsync(real.Events)).Select(Text));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Random_documents_and_queries_give_equal_answers(int seed)
    {
        var random = new Random(seed);
        await using var model = new MemoryStore();
        await using var real = await cluster.OpenAsync();
        for (var step = 0; step < 200; step++)
        {
            var operation = DocumentOperation(random);
            Assert.Equal(await AnswerAsync(operation, model), await AnswerAsync(operation, real));
        }
    }

    private static Func<IStore, Task<string>> EventOperation(Random random)
    {
        var stream = Pick(random, "a", "b", "ä b", "\U0001F600");
        var version = random.Next(4);
        var behind = random.Next(3) > 0;
        var events = Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => new NewEvent(Pick(random, "x", "y"), Json(random), random.Next(2) == 0 ? null : "T")).ToList();
        var blobs = Enumerable.Range(0, random.Next(3))
            .Select(_ => new NewBlob(Expect.Key((byte)random.Next(6)), new byte[] { (byte)(random.Next(20) == 0 ? 1 : 0) })).ToList();
        return random.Next(8) switch
        {
            0 => async s => Text(await s.Events.ReadBlobAsync(Expect.Key((byte)(version + 1)))),
            1 => async s => (await s.Events.DeleteBlobAsync(Expect.Key((byte)version))).ToString(),
            2 => async s => string.Join('\n', (await Expect.ToListAsync(s.Events.ReadStreamAsync(stream, version + 1))).Select(Text)),
            3 => async s => Number(await s.Events.ImportAsync(Import(stream, events))),
            _ => async s =>
            {
                // Mostly at the right version, so that streams grow; else wherever.
                var at = behind ? await s.Events.StreamVersionAsync(stream) : version;
                return Number((await s.Events.AppendAsync(stream, at, events, blobs)).Version);
            },
        };
    }

    private static Func<IStore, Task<string>> DocumentOperation(Random random)
    {
        var collection = Pick(random, "c", "d");
        var id = Key(random);
        var json = Json(random);
        var indices = Enumerable.Range(0, random.Next(4)).Select(_ => new IndexKey(Pick(random, "i", "j"), Key(random))).ToList();
        var query = new DocumentQuery(collection)
        {
            Index = Pick(random, null, "i", "j"),
            KeyEquals = random.Next(4) == 0 ? Key(random) : null,
            KeyPrefix = random.Next(3) == 0 ? Pick(random, "", "a", "B", "%", "\U0001F600") : null,
            FromKey = random.Next(3) == 0 ? Key(random) : null,
            Descending = random.Next(2) == 0,
            Limit = random.Next(1, 6),
        };
        var projection = Pick(random, "p", "q");
        var commit = random.Next(3) > 0;
        return random.Next(7) switch
        {
            0 => async s => (await s.Documents.DeleteAsync(collection, id)).ToString(),
            1 => async s => Canonical(await s.Documents.GetAsync(collection, id) ?? "null"),
            2 => async s => Number(await s.Documents.CountAsync(query)),
            3 => s => WalkAsync(s, query),
            4 => async s =>
            {
                await using var session = await s.Projections.BeginAsync(projection);
                session.Upsert(projection + collection, id, json, indices);
                session.Delete(projection + collection, "b");
                var seen = await session.CountAsync(query with { Collection = projection + collection });
                if (commit)
                {
                    await session.CommitAsync(1, (session.Position?.Sequence ?? 0) + 1);
                }
                return $"{seen} {string.Join(',', await s.Projections.PositionsAsync())}";
            },
            5 => s => WalkAsync(s, query with { Collection = projection + collection }),
            _ => async s =>
            {
                await s.Documents.UpsertAsync(collection, id, json, indices);
                return "written";
            },
        };
    }

    private static async Task<string> WalkAsync(IStore store, DocumentQuery query)
    {
        var found = new List<string>();
        while (true)
        {
            var page = await store.Documents.QueryAsync(query);
            found.AddRange(page.Documents.Select(d => $"{d.Id}|{d.Key}|{Canonical(d.Json)}"));
            if (page.Next is null)
            {
                return string.Join('\n', found);
            }
            query = query with { After = page.Next };
        }
    }

    /// <summary>What an operation answers; an exception of the store is an answer too.</summary>
    private static async Task<string> AnswerAsync(Func<IStore, Task<string>> operation, IStore store)
    {
        try
        {
            return await operation(store);
        }
        catch (StoreException e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private static async IAsyncEnumerable<ImportEvent> Import(string stream, List<NewEvent> events)
    {
        await Task.CompletedTask;
        foreach (var @event in events)
        {
            yield return new ImportEvent(stream, @event);
        }
    }

    private static string Json(Random random) => random.Next(4) switch
    {
        0 => "null",
        1 => $$"""{"b": [{{random.Next(9)}}, "ä\n"], "a": 1.50}""",
        2 => $"\"{Key(random)}\"",
        _ => Number(random.NextInt64()),
    };

    private static string Key(Random random) => Pick(random, "a", "b", "aa", "a b", "B", "ä", "\uFFFD", "\U0001F600", "%_", "a\\")!;

    private static T Pick<T>(Random random, params T[] values) => values[random.Next(values.Length)];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);

    // Sequences may have gaps and ids are random: both are left out.
    private static string Text(StoredEvent e) => $"{e.Stream}@{e.Version} {e.Type} {Canonical(e.Json)} {e.Timestamp:O} {e.DotnetType}";

    /// <summary>Equal for JSON of equal meaning: keys in order, no white space, numbers by value.</summary>
    private static string Canonical(string json) => Sorted(JsonNode.Parse(json))?.ToJsonString() ?? "null";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
