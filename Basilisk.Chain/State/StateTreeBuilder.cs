using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>
/// Puts a whole state together from chunks that come in any order. Every chunk is checked against the root when it comes, so what
/// is complete is exactly the state of that root. Used by one thread.
/// </summary>
/// <param name="root">The state root, from a header that is trusted.</param>
public sealed class StateTreeBuilder(Hash256 root)
{
    // Disjoint parts; two halves are joined as soon as both are there, so that the last join gives the tree.
    private readonly Dictionary<KeyPrefix, StateNode?> _parts = [];

    /// <summary>Whether every key is covered.</summary>
    public bool IsComplete => _parts.ContainsKey(KeyPrefix.Whole);

    /// <summary>Entries so far.</summary>
    public int Count => _parts.Values.Sum(part => part?.Count ?? 0);

    /// <summary>The state. Its root is the one given.</summary>
    /// <exception cref="InvalidOperationException">Chunks are missing.</exception>
    public StateTree Tree => _parts.TryGetValue(KeyPrefix.Whole, out StateNode? whole)
        ? new StateTree(whole)
        : throw new InvalidOperationException($"{_parts.Count} parts of the state with root {root} do not make it whole yet.");

    /// <summary>Whether chunks for all of a prefix have been taken.</summary>
    public bool Covers(KeyPrefix prefix) => _parts.Keys.Any(part => part.Contains(prefix));

    /// <summary>Takes a chunk. One that is covered already changes nothing.</summary>
    /// <returns>Null, or why the chunk is not part of this state.</returns>
    public Refusal? Add(StateRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (range.Build(root, out StateNode? part) is { } refusal)
        {
            return refusal;
        }

        if (Covers(range.Prefix))
        {
            return null;
        }

        foreach (KeyPrefix smaller in _parts.Keys.Where(range.Prefix.Contains).ToList())
        {
            _parts.Remove(smaller);
        }

        Put(range.Prefix, part);
        return null;
    }

    private void Put(KeyPrefix prefix, StateNode? part)
    {
        while (prefix.Bits > 0 && _parts.Remove(prefix.Twin, out StateNode? twin))
        {
            part = prefix.IsRight ? StateNode.Join(twin, part) : StateNode.Join(part, twin);
            prefix = prefix.Above;
        }

        _parts[prefix] = part;
    }
}
