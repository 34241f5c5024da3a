using System.Collections.Immutable;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>An entry that a block changed, as it was before; null where the block made it.</summary>
public readonly record struct ReplacedEntry(Hash256 Key, byte[]? Value);

/// <summary>What is needed to take a block off again: the entries it replaced and the tip it stood on.</summary>
/// <param name="BlockHash">The block it undoes.</param>
/// <param name="Parent">The tip before.</param>
/// <param name="Replaced">Entries before the block, by rising key.</param>
public sealed record BlockUndo(Hash256 BlockHash, ChainHead Parent, ImmutableArray<ReplacedEntry> Replaced)
{
    /// <summary>RLP: [block hash, parent tip, [[key, value before]…]]; an entry that the block made has only its key.</summary>
    public byte[] Encode()
    {
        var rlp = new RlpWriter();
        rlp.BeginList().Write(BlockHash);
        Parent.Write(rlp);
        rlp.BeginList();
        foreach (ReplacedEntry entry in Replaced)
        {
            rlp.BeginList().Write(entry.Key);
            if (entry.Value is not null)
            {
                rlp.Write(entry.Value);
            }

            rlp.EndList();
        }

        return rlp.EndList().EndList().ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; refuses anything else.</summary>
    public static Verdict<BlockUndo> Decode(ReadOnlySpan<byte> bytes)
    {
        var rlp = new RlpReader(bytes);
        rlp.EnterList("undo");
        Hash256 block = rlp.ReadHash("block hash");
        ChainHead? parent = ChainHead.Read(ref rlp);
        rlp.EnterList("replaced entries");
        ImmutableArray<ReplacedEntry>.Builder replaced = ImmutableArray.CreateBuilder<ReplacedEntry>();
        while (rlp.HasMore)
        {
            rlp.EnterList("replaced entry");
            Hash256 key = rlp.ReadHash("key");
            replaced.Add(new ReplacedEntry(key, rlp.HasMore ? rlp.ReadBytes(field: "value").ToArray() : null));
            rlp.LeaveList("replaced entry");
        }

        rlp.LeaveList("replaced entries");
        rlp.LeaveList("undo");
        rlp.End();
        return rlp.Refusal is { } refusal ? refusal : new BlockUndo(block, parent!, replaced.ToImmutable());
    }
}
