using Basilisk.Store.Documents;
using static Basilisk.Store.Tests.Support.Expect;

namespace Basilisk.Store.Tests.Conformance;

public abstract class DocumentStoreTests : StoreTests
{
    private IDocumentStore Documents => Store.Documents;

    [Fact]
    public async Task A_document_is_read_back_replaced_and_deleted()
    {
        Assert.Null(await Documents.GetAsync("blocks", "1"));
        await Documents.UpsertAsync("blocks", "1", "{\"a\": 1}");
        SameJson("{\"a\":1}", await Documents.GetAsync("blocks", "1"));
        await Documents.UpsertAsync("blocks", "1", "{\"a\": 2}");
        SameJson("{\"a\":2}", await Documents.GetAsync("blocks", "1"));
        Assert.Null(await Documents.GetAsync("others", "1"));
        Assert.True(await Documents.DeleteAsync("blocks", "1"));
        Assert.False(await Documents.DeleteAsync("blocks", "1"));
        Assert.Null(await Documents.GetAsync("blocks", "1"));
    }

    [Fact]
    public async Task Ids_are_walked_in_order_of_code_points()
    {
        string[] ids = ["b", "a", "B", "ä", "\uFFFD", "\U0001F600", "aa", "a b", "~"];
        foreach (var id in ids)
        {
            await Documents.UpsertAsync("c", id, "{}");
        }
        string[] expected = ["B", "a", "a b", "aa", "b", "~", "ä", "\uFFFD", "\U0001F600"];
        Assert.Equal(expected, await IdsAsync(new DocumentQuery("c")));
        Assert.Equal(expected.Reverse(), await IdsAsync(new DocumentQuery("c") { Descending = true }));
        Assert.Equal(["a", "a b", "aa"], await IdsAsync(new DocumentQuery("c") { KeyPrefix = "a" }));
        Assert.Equal(9, await Documents.CountAsync(new DocumentQuery("c")));
    }

    [Fact]
    public async Task Pages_go_through_repeated_keys_without_loss_or_repetition()
    {
        for (var i = 0; i < 25; i++)
        {
            await Documents.UpsertAsync("c", $"d{i:00}", $"{{\"i\":{i}}}", [new IndexKey("by", $"k{i / 10}")]);
        }
        foreach (var descending in new[] { false, true })
        {
            var seen = new List<string>();
            DocumentCursor? after = null;
            do
            {
                var page = await Documents.QueryAsync(new DocumentQuery("c") { Index = "by", Limit = 4, After = after, Descending = descending });
                Assert.InRange(page.Documents.Count, 1, 4);
                seen.AddRange(page.Documents.Select(d => d.Id));
                after = page.Next;
                if (after is { } cursor)
                {
                    Assert.True(DocumentCursor.TryParse(cursor.ToString(), out var parsed));
                    Assert.Equal(cursor, parsed);
                }
            }
            while (after is not null);
            var expected = Enumerable.Range(0, 25).Select(i => $"d{i:00}");
            Assert.Equal(descending ? expected.Reverse() : expected, seen);
        }
    }

    [Fact]
    public async Task A_full_last_page_says_that_it_is_the_last()
    {
        await Documents.UpsertAsync("c", "1", "1");
        await Documents.UpsertAsync("c", "2", "2");
        Assert.Null((await Documents.QueryAsync(new DocumentQuery("c") { Limit = 2 })).Next);
        Assert.NotNull((await Documents.QueryAsync(new DocumentQuery("c") { Limit = 1 })).Next);
    }

    [Fact]
    public async Task An_index_is_narrowed_by_key_prefix_and_start()
    {
        foreach (var (id, key) in new[] { ("1", "0x1/005"), ("2", "0x1/007"), ("3", "0x2/001"), ("4", "0x1/005"), ("5", "0x1/") })
        {
            await Documents.UpsertAsync("c", id, "{}", [new IndexKey("account", key), new IndexKey("other", "x")]);
        }
        DocumentQuery by = new("c") { Index = "account" };

        Assert.Equal(["1", "4"], await IdsAsync(by with { KeyEquals = "0x1/005" }));
        Assert.Equal(["5", "1", "4", "2"], await IdsAsync(by with { KeyPrefix = "0x1/" }));
        Assert.Equal(["2", "4", "1", "5"], await IdsAsync(by with { KeyPrefix = "0x1/", Descending = true }));
        Assert.Equal(["1", "4", "2"], await IdsAsync(by with { KeyPrefix = "0x1/", FromKey = "0x1/003" }));
        Assert.Equal(["1", "4", "2", "3"], await IdsAsync(by with { FromKey = "0x1/005" }));
        Assert.Equal(["4", "1", "5"], await IdsAsync(by with { FromKey = "0x1/005", Descending = true }));
        Assert.Empty(await IdsAsync(by with { KeyPrefix = "0x3" }));
        Assert.Empty(await IdsAsync(by with { Index = "missing" }));
        Assert.Equal(4, await Documents.CountAsync(by with { KeyPrefix = "0x1/", Limit = 1 }));
        Assert.Equal(2, await Documents.CountAsync(by with { KeyEquals = "0x1/005" }));
    }

    [Fact]
    public async Task Replacing_a_document_replaces_its_keys()
    {
        await Documents.UpsertAsync("c", "1", "{}", [new IndexKey("a", "x"), new IndexKey("a", "y"), new IndexKey("b", "z")]);
        await Documents.UpsertAsync("c", "1", "{}", [new IndexKey("a", "y"), new IndexKey("a", "w"), new IndexKey("a", "w")]);

        Assert.Equal(["w", "y"], (await Documents.QueryAsync(new DocumentQuery("c") { Index = "a" })).Documents.Select(d => d.Key));
        Assert.Empty(await IdsAsync(new DocumentQuery("c") { Index = "b" }));
        await Documents.DeleteAsync("c", "1");
        Assert.Empty(await IdsAsync(new DocumentQuery("c") { Index = "a" }));
    }

    [Fact]
    public async Task Bounds_are_refused_by_name()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Documents.UpsertAsync("", "1", "{}"));
        await Assert.ThrowsAsync<ArgumentException>(() => Documents.UpsertAsync("c", "", "{}"));
        await Assert.ThrowsAsync<ArgumentException>(() => Documents.UpsertAsync("c", new string('x', DocumentLimits.MaxKeyBytes + 1), "{}"));
        await Assert.ThrowsAsync<ArgumentException>(() => Documents.UpsertAsync("c", "1", "{}", [new IndexKey("", "x")]));
        await Assert.ThrowsAsync<ArgumentException>(() => Documents.UpsertAsync("c", "1", "{}", [new IndexKey("a", "\U0010FFFF")]));
        await Assert.ThrowsAsync<InvalidJsonException>(() => Documents.UpsertAsync("c", "1", "{"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Documents.QueryAsync(new DocumentQuery("c") { Limit = 0 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Documents.QueryAsync(new DocumentQuery("c") { Limit = 1001 }));
        Assert.False(DocumentCursor.TryParse("not a cursor", out _));
        Assert.False(DocumentCursor.TryParse(null, out _));
    }

    [Fact]
    public async Task The_longest_names_and_keys_fit_into_the_indices()
    {
        var name = new string('n', DocumentLimits.MaxNameBytes);
        // Random text: PostgreSQL would compress a repeated letter below its bound for index entries.
        var random = new Random(5);
        var key = new string([.. Enumerable.Range(0, DocumentLimits.MaxKeyBytes).Select(_ => (char)random.Next(33, 127))]);
        await Documents.UpsertAsync(name, key, "{}", [new IndexKey(name, key)]);
        Assert.Equal([key], await IdsAsync(new DocumentQuery(name) { Index = name, KeyEquals = key }));
    }

    private async Task<List<string>> IdsAsync(DocumentQuery query) =>
        [.. (await Documents.QueryAsync(query)).Documents.Select(d => d.Id)];
}
