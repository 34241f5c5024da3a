using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>25 BSK of a mined block that wait for a pass.</summary>
/// <param name="Height">Height of the block.</param>
/// <param name="Block">Its hash, also the unit's.</param>
/// <param name="ExpiryRound">Last round whose settlement can release it.</param>
public sealed record PendingReward(ulong Height, Hash256 Block, ulong ExpiryRound)
{
    internal byte[] Encode() => new RlpWriter().BeginList().Write(Height).Write(Block).Write(ExpiryRound).EndList().ToArray();

    internal static PendingReward Decode(byte[] bytes)
    {
        var rlp = new RlpReader(bytes);
        rlp.EnterList();
        var reward = new PendingReward(rlp.ReadUInt64(), rlp.ReadHash(), rlp.ReadUInt64());
        rlp.LeaveList();
        rlp.End();
        return StateValues.Sound(rlp, reward);
    }
}
