using Basilisk.Chain.Forks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Validation;
using Basilisk.Node.Failures;
using Basilisk.Store;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// Makes views again that are no longer held, by replaying blocks of the log from the nearest view below: exactly what they were,
/// because the rules and the recorded results are the same. Used by the writer alone.
/// </summary>
/// <param name="rules">The network's rules.</param>
/// <param name="chainLog">Holds the blocks.</param>
/// <param name="views">Extended.</param>
/// <param name="remember">Told each recorded result and the view it was judged on.</param>
internal sealed class ViewRestorer(ChainRules rules, ChainLog chainLog, ViewTree views, Action<ChainView, RoundOutcome>? remember)
{
    /// <summary>The view of a block, and all between it and the next one held below.</summary>
    /// <param name="block">The block.</param>
    /// <param name="fork">Where given, every block above it comes back with what it did, not only with its view.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <returns>Null where a block on the way is not in the log, or not its payloads any more.</returns>
    /// <exception cref="ChainLogCorruptException">A block of the log breaks a rule.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<ViewLink?> RestoreAsync(HeaderNode block, HeaderNode? fork, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(block);
        var missing = new Stack<HeaderNode>();
        ViewLink? link = null;
        for (HeaderNode? node = block; link is null; node = node.Parent)
        {
            if (node is null)
            {
                return null;
            }

            link = views.Find(node.Hash) ?? (views.Anchors.Find(node.Hash) is { } anchor ? views.Restore(anchor) : null);
            if (link is null || (link.Connected is null && fork is not null && !ReferenceEquals(node, fork)))
            {
                link = null;
                missing.Push(node);
            }
        }

        bool made = false;
        while (link is not null && missing.TryPop(out HeaderNode? next))
        {
            ViewLink below = link;
            link = await ExtendAsync(below, next, cancellation);
            if (fork is null && made)
            {
                views.Retire(below, block.Height); // Only the last is asked for: a long way takes no more memory than a short one.
            }

            made = true;
        }

        return link;
    }

    private async Task<ViewLink?> ExtendAsync(ViewLink parent, HeaderNode node, CancellationToken cancellation)
    {
        if (await chainLog.ReadBlockAsync(node.Hash, cancellation) is not { Block: { } block } entry)
        {
            return null;
        }

        if (entry.Outcome is { } outcome)
        {
            remember?.Invoke(parent.View, outcome);
        }

        return rules.Connect(parent.View.State, block, entry.Outcome).TryGet(out ConnectedBlock? connected, out Refusal? refusal)
            ? views.Extend(parent, connected)
            : throw new ChainLogCorruptException(entry.Sequence, $"block {block.Height} {block.Hash} breaks a rule: {refusal}");
    }
}
