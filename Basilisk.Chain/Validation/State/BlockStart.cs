using Basilisk.Chain.Rounds;
using Basilisk.Chain.State;

namespace Basilisk.Chain.Validation.State;

/// <summary>
/// What a block does before its first transaction: record what the block before it drew. A block cannot know its own
/// hash, so its unit, its pending reward and its part in the evaluation seed enter the state one block later.
/// </summary>
internal static class BlockStart
{
    /// <returns>The parent's unit; null on top of genesis, which draws none.</returns>
    public static WorkUnit? Apply(StateEditor editor, ChainState parent)
    {
        ChainHead head = parent.Head;
        if (head.Height == 0)
        {
            return null;
        }

        editor.Put(editor.Chain with { EvaluationSeed = EvaluationSeed.Through(parent) });
        WorkUnit unit = WorkUnit.Drawn(head.Hash, head.Height, head.Header.Miner);
        editor.Draw(unit);
        Account miner = editor.Account(unit.Miner);
        ulong expiry = parent.Parameters.Rounds.ExpiryRoundOf(head.Height);
        editor.PutReward(unit.Miner, miner.NextReward, new PendingReward(head.Height, head.Hash, expiry));
        editor.Put(unit.Miner, miner with { NextReward = miner.NextReward + 1 });
        return unit;
    }
}
