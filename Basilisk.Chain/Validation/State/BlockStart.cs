using System.Collections.Immutable;
using Basilisk.Chain.Rounds;
using Basilisk.Chain.State;

namespace Basilisk.Chain.Validation.State;

/// <summary>
/// What a block does before its first transaction: record what the block before it drew. A block cannot know its own
/// hash, so its unit, its pending reward, its part in the evaluation seed and, of a round's last train block, the draw of places
/// enter the state one block later.
/// </summary>
/// <param name="ParentUnit">The parent's unit; null on top of genesis, which draws none.</param>
/// <param name="WithoutPlace">Units that were committed and drew no place.</param>
internal readonly record struct BlockStart(WorkUnit? ParentUnit, ImmutableArray<WorkUnit> WithoutPlace)
{
    public static BlockStart Apply(StateEditor editor, ChainState parent)
    {
        ChainHead head = parent.Head;
        if (head.Height == 0)
        {
            return new BlockStart(null, []);
        }

        editor.Put(editor.Chain with { EvaluationSeed = EvaluationSeed.Through(parent) });
        WorkUnit unit = WorkUnit.Drawn(head.Hash, head.Height, head.Header.Miner);
        editor.Draw(unit);
        Account miner = editor.Account(unit.Miner);
        ulong expiry = parent.Parameters.Rounds.ExpiryRoundOf(head.Height);
        editor.PutReward(unit.Miner, miner.NextReward, new PendingReward(head.Height, head.Hash, expiry));
        editor.Put(unit.Miner, miner with { NextReward = miner.NextReward + 1 });
        return new BlockStart(unit, PlaceDraw.Apply(editor, parent));
    }
}
