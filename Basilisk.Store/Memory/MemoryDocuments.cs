using System.Collections.Immutable;
using Basilisk.Store.Projections;

namespace Basilisk.Store.Memory;

/// <summary>Documents and progress: one immutable value that commits replace.</summary>
internal sealed class MemoryDocuments(MemoryCapacity capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);
    private ImmutableDictionary<string, MemoryCollection> _collections =
        ImmutableDictionary.Create<string, MemoryCollection>(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, ProjectionPosition> _positions =
        ImmutableSortedDictionary.Create<string, ProjectionPosition>(StringComparer.Ordinal);

    public ImmutableDictionary<string, MemoryCollection> Collections
    {
        get { lock (_lock) { return _collections; } }
    }

    public ImmutableSortedDictionary<string, ProjectionPosition> Positions
    {
        get { lock (_lock) { return _positions; } }
    }

    /// <summary>One transaction per projection at a time.</summary>
    public SemaphoreSlim Turn(string projection)
    {
        lock (_lock)
        {
            if (!_turns.TryGetValue(projection, out var turn))
            {
                _turns.Add(projection, turn = new SemaphoreSlim(1));
            }
            return turn;
        }
    }

    /// <summary>Changes the application's own collections.</summary>
    public T Change<T>(string collection, Func<MemoryCollection, (MemoryCollection Changed, long Bytes, T Result)> change)
    {
        lock (_lock)
        {
            var current = _collections.GetValueOrDefault(collection) ?? MemoryCollection.Empty("");
            if (current.Owner.Length != 0)
            {
                throw new CollectionOwnedException(collection, current.Owner, "");
            }
            var (changed, bytes, result) = change(current);
            capacity.Take(bytes);
            _collections = _collections.SetItem(collection, changed);
            return result;
        }
    }

    /// <summary>Puts a projection's collections in place (null: dropped) together with its position.</summary>
    public void Commit(ProjectionPosition position, IReadOnlyDictionary<string, MemoryCollection?> touched, long bytes)
    {
        lock (_lock)
        {
            foreach (var (name, _) in touched)
            {
                if (_collections.TryGetValue(name, out var current) && current.Owner != position.Name)
                {
                    throw new CollectionOwnedException(name, current.Owner, position.Name);
                }
            }
            capacity.Take(bytes);
            foreach (var (name, collection) in touched)
            {
                _collections = collection is null ? _collections.Remove(name) : _collections.SetItem(name, collection);
            }
            _positions = _positions.SetItem(position.Name, position);
        }
    }
}
