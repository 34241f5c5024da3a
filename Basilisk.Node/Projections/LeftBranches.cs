using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;
using Basilisk.Store.Events;

namespace Basilisk.Node.Projections;

/// <summary>Finds in the events the branches that the chain left: who applies the events around them has nothing to undo.</summary>
internal static class LeftBranches
{
    private const int Page = 500;

    /// <summary>Reads all events once.</summary>
    public static async Task<IReadOnlyList<LeftBranch>> FindAsync(IEventStore events, CancellationToken cancellation)
    {
        var found = new List<LeftBranch>();
        var connected = new Stack<long>();
        long after = 0;
        while (await events.ReadPageAsync(after, Page, cancellation) is { Count: > 0 } page)
        {
            foreach (StoredEvent stored in page)
            {
                if (stored.Type == ChainEvents.BlockConnected)
                {
                    connected.Push(stored.Sequence);
                }
                else if (stored.Type == ChainEvents.BlockDisconnected)
                {
                    Leave(found, connected.Pop(), stored.Sequence);
                }
            }

            after = page[^1].Sequence;
        }

        return found;
    }

    private static void Leave(List<LeftBranch> found, long first, long last)
    {
        // What was left before on top of this block is a part of the branch.
        while (found.Count > 0 && found[^1].First > first)
        {
            found.RemoveAt(found.Count - 1);
        }

        found.Add(new LeftBranch(first, last));
    }
}
