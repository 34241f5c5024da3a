using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>Shows what a state says about a key to someone who knows only the state root.</summary>
/// <param name="Key">The key asked about.</param>
/// <param name="Siblings">Hashes beside the path, from the root down; zero for an empty side.</param>
/// <param name="End">The entry at the path's end: the key's own, another (the key is absent) or none (likewise).</param>
public sealed record StateProof(Hash256 Key, IReadOnlyList<Hash256> Siblings, KeyValuePair<Hash256, byte[]>? End)
{
    /// <summary>The proven value, null where the key is absent. Meaningful only where <see cref="Holds"/>.</summary>
    public byte[]? Value => End is { } end && end.Key == Key ? end.Value : null;

    /// <summary>Whether the proof leads to this root.</summary>
    public bool Holds(Hash256 root)
    {
        if (Siblings.Count > 256 || !EndLiesOnPath())
        {
            return false;
        }

        var path = new KeyBits(Key);
        Hash256 hash = End is { } end ? StateLeaf.HashOf(end.Key, end.Value) : Hash256.Zero;
        for (int depth = Siblings.Count - 1; depth >= 0; depth--)
        {
            hash = path[depth] ? StateBranch.HashOf(Siblings[depth], hash) : StateBranch.HashOf(hash, Siblings[depth]);
        }

        return hash == root;
    }

    /// <summary>Another key's entry says something about this key only where their paths agree down to it.</summary>
    private bool EndLiesOnPath()
    {
        if (End is not { } end)
        {
            return true;
        }

        var path = new KeyBits(Key);
        var other = new KeyBits(end.Key);
        for (int depth = 0; depth < Siblings.Count; depth++)
        {
            if (path[depth] != other[depth])
            {
                return false;
            }
        }

        return true;
    }
}
