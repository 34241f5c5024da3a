using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;
using Basilisk.Store.Events;

namespace Basilisk.Node.Projections;

/// <summary>
/// Finds in the events the long branches that the chain left: who applies the events around them has nothing to undo further down
/// than is kept.
/// </summary>
internal sealed class LeftBranches(int blocksKept)
{
    private const int Page = 500;

    private readonly List<LeftBranch> _found = [];
    private readonly Stack<(long Sequence, int Top)> _connected = [];

    /// <summary>Reads all events once.</summary>
    /// <param name="events">The log.</param>
    /// <param name="blocksKept">Branches on which a block has at least so many above it are looked for.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public static async Task<IReadOnlyList<LeftBranch>> FindAsync(IEventStore events, int blocksKept, CancellationToken cancellation)
    {
        var branches = new LeftBranches(blocksKept);
        long after = 0;
        while (await events.ReadPageAsync(after, Page, cancellation) is { Count: > 0 } page)
        {
            foreach (StoredEvent stored in page)
            {
                branches.Follow(stored);
            }

            after = page[^1].Sequence;
        }

        return branches._found;
    }

    private void Follow(StoredEvent stored)
    {
        if (stored.Type == ChainEvents.BlockConnected)
        {
            _connected.Push((stored.Sequence, _connected.Count + 1));
        }
        else if (stored.Type == ChainEvents.BlockDisconnected)
        {
            (long first, int top) = _connected.TryPop(out (long Sequence, int Top) block)
                ? block
                : throw new InvalidOperationException($"Event {stored.Sequence} disconnects a block that no event connects.");
            if (top - (_connected.Count + 1) >= blocksKept)
            {
                Leave(first, stored.Sequence);
            }

            if (_connected.TryPop(out (long Sequence, int Top) below))
            {
                _connected.Push((below.Sequence, Math.Max(below.Top, top)));
            }
        }
    }

    private void Leave(long first, long last)
    {
        // What was left before on top of this block is a part of the branch.
        while (_found.Count > 0 && _found[^1].First > first)
        {
            _found.RemoveAt(_found.Count - 1);
        }

        _found.Add(new LeftBranch(first, last));
    }
}
