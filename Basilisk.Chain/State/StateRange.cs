using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>
/// Part of a state: the entries under a prefix and what shows, to someone who knows only the state root, that they are all there
/// are. Where the path to the prefix ends before the prefix does (a subtree of one entry is that entry, an empty one is nothing),
/// the siblings are fewer than the prefix has bits, and the one entry at the path's end is given even if it lies beside the prefix.
/// </summary>
/// <param name="Prefix">The keys meant.</param>
/// <param name="Entries">By strictly rising key.</param>
/// <param name="Siblings">Hashes beside the path, from the root down; zero for an empty side.</param>
public sealed record StateRange(KeyPrefix Prefix, IReadOnlyList<KeyValuePair<Hash256, byte[]>> Entries, IReadOnlyList<Hash256> Siblings)
{
    /// <summary>Null where entries and siblings lead to this root; then the entries under the prefix are exactly these.</summary>
    public Refusal? Check(Hash256 root) => Build(root, out _);

    /// <summary>The checked subtree at the prefix, as it lies in the whole tree.</summary>
    internal Refusal? Build(Hash256 root, out StateNode? subtree)
    {
        subtree = null;
        if (CheckForm() is { } refusal)
        {
            return refusal;
        }

        StateNode? end = StateNode.Build([.. Entries], Siblings.Count);
        Hash256 hash = end?.Hash ?? Hash256.Zero;
        var path = new KeyBits(Prefix.Key);
        for (int depth = Siblings.Count - 1; depth >= 0; depth--)
        {
            hash = path[depth] ? StateBranch.HashOf(Siblings[depth], hash) : StateBranch.HashOf(hash, Siblings[depth]);
        }

        if (hash != root)
        {
            return Refuse(Tokens.StateChunkMismatch, $"Entries and siblings lead to {hash}, not to the state root {root}.");
        }

        subtree = end is StateLeaf leaf && !Prefix.Contains(leaf.Key) ? null : end;
        return null;
    }

    private Refusal? CheckForm()
    {
        bool endsEarly = Siblings.Count < Prefix.Bits;
        if (Siblings.Count > Prefix.Bits || (endsEarly && Entries.Count > 1))
        {
            return Refuse(
                Tokens.StateSiblingCount, $"A prefix of {Prefix.Bits} bits with {Entries.Count} entries does not have this many siblings.", Siblings.Count, Prefix.Bits);
        }

        KeyPrefix end = endsEarly ? new KeyPrefix(KeyPrefix.Cut(Prefix.Key, Siblings.Count), Siblings.Count) : Prefix;
        for (int i = 0; i < Entries.Count; i++)
        {
            if (!end.Contains(Entries[i].Key))
            {
                return Refuse(Tokens.StateKeyOutsidePrefix, $"Key {Entries[i].Key} does not begin with the {end.Bits} bits of {end.Key}.", i);
            }

            if (i > 0 && Entries[i].Key <= Entries[i - 1].Key)
            {
                return Refuse(Tokens.StateKeysNotRising, $"Key {Entries[i].Key} does not follow {Entries[i - 1].Key}.", i);
            }
        }

        return null;
    }

    private static Refusal Refuse(string token, string detail, long? seen = null, long? allowed = null) =>
        new(RefusalKind.Isolation, token, detail, seen, allowed);
}
