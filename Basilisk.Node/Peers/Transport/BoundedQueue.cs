using System.Diagnostics.CodeAnalysis;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// A queue bounded in items and in bytes, for many writers and one reader. An item larger than the bound is taken when nothing else waits.
/// Writers that wait are served in their order.
/// </summary>
internal sealed class BoundedQueue<T>(int mostItems, long mostBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<(T Item, long Bytes)> _items = new();
    private readonly LinkedList<Waiter> _writers = new();
    private TaskCompletionSource? _reader;
    private long _bytes;
    private bool _completed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Adds when there is room. False where the queue was completed; cancelled only where it was not added.</summary>
    public async ValueTask<bool> PutAsync(T item, long bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            if (_completed)
            {
                return false;
            }

            if (HasRoom(bytes))
            {
                Add(item, bytes);
                return true;
            }

            node = _writers.AddLast(new Waiter(item, bytes, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            return await node.Value.Added.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (node.List is not null)
                {
                    _writers.Remove(node);
                    throw;
                }
            }

            return await node.Value.Added.Task; // It was added, or the queue completed, a moment before.
        }
    }

    /// <summary>Adds if there is room now.</summary>
    public bool TryPut(T item, long bytes)
    {
        lock (_gate)
        {
            if (_completed || !HasRoom(bytes))
            {
                return false;
            }

            Add(item, bytes);
            return true;
        }
    }

    /// <summary>The next item; false where the queue was completed and is empty.</summary>
    public async ValueTask<(bool Taken, T? Item)> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (_gate)
            {
                if (TryTake(out T? item))
                {
                    return (true, item);
                }

                if (_completed)
                {
                    return (false, default);
                }

                _reader = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _reader.Task;
            }

            await wait.WaitAsync(cancellation);
        }
    }

    /// <summary>Takes nothing more; what waits is dropped in favour of a last item, where there is one.</summary>
    public void Finish(T? last = default, bool hasLast = false)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            _items.Clear();
            _bytes = 0;
            foreach (Waiter writer in _writers)
            {
                writer.Added.SetResult(false);
            }

            _writers.Clear();
            if (hasLast)
            {
                _items.Enqueue((last!, 0));
            }

            _reader?.TrySetResult();
        }
    }

    private bool HasRoom(long bytes) =>
        _writers.Count == 0 && (_items.Count == 0 || (_items.Count < mostItems && _bytes + bytes <= mostBytes));

    private void Add(T item, long bytes)
    {
        _items.Enqueue((item, bytes));
        _bytes += bytes;
        _reader?.TrySetResult();
    }

    private bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (!_items.TryDequeue(out (T Item, long Bytes) next))
        {
            item = default;
            return false;
        }

        item = next.Item;
        _bytes -= next.Bytes;
        while (_writers.First is { Value: var writer } node && (_items.Count == 0 || (_items.Count < mostItems && _bytes + writer.Bytes <= mostBytes)))
        {
            _writers.Remove(node);
            Add(writer.Item, writer.Bytes);
            writer.Added.SetResult(true);
        }

        return true;
    }

    private sealed record Waiter(T Item, long Bytes, TaskCompletionSource<bool> Added);
}
