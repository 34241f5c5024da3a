using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>The byte form of a whole state: RLP [[key, value]…], by rising key.</summary>
public static class StateTreeCodec
{
    private const int EntryBytes = 160; // a guess for the first buffer

    public static byte[] Encode(StateTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        IReadOnlyList<KeyValuePair<Hash256, byte[]>> entries = tree.Entries();
        var rlp = new RlpWriter((int)Math.Min(64L + ((long)EntryBytes * entries.Count), 1 << 28));
        rlp.BeginList();
        foreach ((Hash256 key, byte[] value) in entries)
        {
            rlp.BeginList().Write(key).Write(value).EndList();
        }

        return rlp.EndList().ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; refuses anything else. Whether it is the state of some root is for the caller to look at.</summary>
    public static Verdict<StateTree> Decode(ReadOnlySpan<byte> bytes)
    {
        var rlp = new RlpReader(bytes);
        var entries = new List<KeyValuePair<Hash256, byte[]>>();
        rlp.EnterList("state");
        while (rlp.HasMore)
        {
            rlp.EnterList("entry");
            Hash256 key = rlp.ReadHash("key");
            entries.Add(new(key, rlp.ReadBytes(field: "value").ToArray()));
            rlp.LeaveList("entry");
            if (entries.Count > 1 && key <= entries[^2].Key)
            {
                rlp.Refuse(Tokens.StateKeysNotRising, "key", "does not follow the one before", entries.Count - 1);
            }
        }

        rlp.LeaveList("state");
        rlp.End();
        return rlp.Refusal is { } refusal ? refusal : StateTree.Of([.. entries]);
    }
}
