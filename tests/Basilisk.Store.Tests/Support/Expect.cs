using System.Text.Json.Nodes;
using Basilisk.Store.Events;

namespace Basilisk.Store.Tests.Support;

/// <summary>Short forms that the store's tests share.</summary>
internal static class Expect
{
    /// <summary>Longest wait for something that should happen at once; a hang becomes a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static NewEvent Event(int number, string type = "counted") => new(type, $$"""{"number": {{number}}}""", "Basilisk.Tests.Counted");

    public static BlobKey Key(byte first) => new([first, .. new byte[31]]);

    public static void SameJson(string expected, string? actual) => Assert.True(
        actual is not null && JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"expected {expected}, got {actual}");

    public static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> source)
    {
        var list = new List<T>();
        await foreach (var item in source)
        {
            list.Add(item);
        }
        return list;
    }

    public static async Task<List<StoredEvent>> AllAsync(IEventStore events, int page = 7)
    {
        var all = new List<StoredEvent>();
        while (await events.ReadPageAsync(all.Count == 0 ? 0 : all[^1].Sequence, page) is { Count: > 0 } next)
        {
            all.AddRange(next);
        }
        return all;
    }
}
