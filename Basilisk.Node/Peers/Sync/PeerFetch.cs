using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Sync;

/// <summary>What became of asking one peer for one item.</summary>
/// <param name="More">Items to ask for instead (a prefix that was too large, halved); none where the item is done.</param>
/// <param name="Refusal">Why the item was not got; null where it was.</param>
/// <param name="Offence">What the peer did wrong; null where it merely does not have it.</param>
internal readonly record struct FetchAnswer<TItem>(IReadOnlyList<TItem> More, Refusal? Refusal, Offence? Offence)
{
    public static FetchAnswer<TItem> Done { get; } = new([], null, null);

    public static FetchAnswer<TItem> Split(params IReadOnlyList<TItem> more) => new(more, null, null);

    public static FetchAnswer<TItem> Missing(Refusal refusal) => new([], refusal, null);

    public static FetchAnswer<TItem> Wrong(Refusal refusal, Offence offence) => new([], refusal, offence);
}

/// <summary>
/// Gets items from several peers at once, one request to each at a time. A peer that does not have one, or gives a wrong one, is
/// asked no more; its item goes to the others.
/// </summary>
/// <param name="items">What to get.</param>
/// <param name="ask">Asks one peer for one item and takes what it gives; called from several threads.</param>
internal sealed class PeerFetch<TItem>(IEnumerable<TItem> items, Func<IPeer, TItem, CancellationToken, Task<FetchAnswer<TItem>>> ask)
{
    private readonly Lock _gate = new();
    private readonly Stack<TItem> _open = new(items.Reverse());
    private int _underWay;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Asks until everything is there, or no peer is left.</summary>
    /// <returns>The peers that never failed; none where items are missing.</returns>
    public async Task<IReadOnlyList<IPeer>> RunAsync(IReadOnlyList<IPeer> peers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(peers);
        bool[] sound = await Task.WhenAll(peers.Select(peer => WorkAsync(peer, cancellation)));
        lock (_gate)
        {
            return _open.Count > 0 ? [] : [.. peers.Where((_, i) => sound[i])];
        }
    }

    /// <summary>One peer's requests, one after another. False where it failed.</summary>
    private async Task<bool> WorkAsync(IPeer peer, CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } next)
        {
            FetchAnswer<TItem> answer;
            try
            {
                answer = await ask(peer, next.Item, cancellation);
            }
            catch
            {
                Return([next.Item]);
                throw;
            }

            if (answer.Refusal is { } refusal)
            {
                Return([next.Item]);
                if (answer.Offence is { } offence)
                {
                    peer.Report(offence, refusal);
                }

                return false;
            }

            Return(answer.More);
        }

        return true;
    }

    /// <summary>The next item; null when nothing is open and nothing under way that could open again.</summary>
    private async Task<Next?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_open.TryPop(out TItem? item))
                {
                    _underWay++;
                    return new Next(item);
                }

                if (_underWay == 0)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private void Return(IReadOnlyList<TItem> items)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            foreach (TItem item in items)
            {
                _open.Push(item);
            }

            _underWay--;
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Next(TItem Item);
}
