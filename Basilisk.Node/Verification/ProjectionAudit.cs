using System.Text.Json.Nodes;
using Basilisk.Node.Projections;
using Basilisk.Node.Projections.Documents;
using Basilisk.Store;
using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Memory;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Verification;

/// <summary>
/// Derives every projection again from the log, in memory, and compares document by document with what is stored. Projections
/// that lag are brought up to date first: lagging is not being wrong.
/// </summary>
public static class ProjectionAudit
{
    private static readonly string[] Collections =
    [
        BlockDocument.Collection, TransactionDocument.Collection, AccountDocument.Collection, RoundDocument.Collection,
        ContributionDocument.Collection, QualityDocument.Collection, PrimerDocument.Collection,
    ];

    /// <summary>The first difference, or null.</summary>
    /// <param name="store">Events and documents.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="blocksKept">Blocks that the projections derived for comparison can undo: makes no difference.</param>
    public static async Task<string?> RunAsync(IStore store, CancellationToken cancellation, int blocksKept = ChainProjection.DefaultBlocksKept)
    {
        ArgumentNullException.ThrowIfNull(store);
        await new ProjectionRunner(store, ProjectionSet.All()).CatchUpAsync(cancellation);
        await using var again = new MemoryStore();
        await again.Events.ImportAsync(AllEventsAsync(store.Events, cancellation), cancellation);
        await new ProjectionRunner(again, ProjectionSet.All(blocksKept)).CatchUpAsync(cancellation);
        foreach (string collection in Collections)
        {
            if (await CompareAsync(collection, store.Documents, again.Documents, cancellation) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static async IAsyncEnumerable<ImportEvent> AllEventsAsync(IEventStore events, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        long after = 0;
        while (true)
        {
            IReadOnlyList<StoredEvent> page = await events.ReadPageAsync(after, 1000, cancellation);
            if (page.Count == 0)
            {
                yield break;
            }

            foreach (StoredEvent stored in page)
            {
                yield return new ImportEvent(stored.Stream, new NewEvent(stored.Type, stored.Json, stored.DotnetType), stored.Timestamp);
            }

            after = page[^1].Sequence;
        }
    }

    private static async Task<string?> CompareAsync(string collection, IDocumentReader stored, IDocumentReader derived, CancellationToken cancellation)
    {
        var query = new DocumentQuery(collection) { Limit = 500 };
        while (true)
        {
            DocumentPage left = await stored.QueryAsync(query, cancellation);
            DocumentPage right = await derived.QueryAsync(query, cancellation);
            foreach ((Document a, Document b) in left.Documents.Zip(right.Documents))
            {
                if (a.Id != b.Id || !JsonNode.DeepEquals(JsonNode.Parse(a.Json), JsonNode.Parse(b.Json)))
                {
                    return $"document {a.Id} of {collection} is not what the log gives ({b.Id})";
                }
            }

            if (left.Documents.Count != right.Documents.Count)
            {
                return $"{collection} has {left.Documents.Count} documents after {query.After}, the log gives {right.Documents.Count}";
            }

            if (left.Next is null)
            {
                return null;
            }

            query = query with { After = left.Next };
        }
    }
}
