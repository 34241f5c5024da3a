using Basilisk.Chain.Primitives;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>The one entry of the state that belongs to no account and no unit.</summary>
/// <param name="BaseFee">Wei per gas of the next block.</param>
/// <param name="EvaluationSeed">Hash so far over the round's reveal blocks (<see cref="Rounds.EvaluationSeed"/>).</param>
/// <param name="Commits">Commitments in the running round.</param>
/// <param name="Reveals">Reveals in the running round.</param>
/// <param name="Minted">Wei minted so far: 25 BSK × <paramref name="Released"/>.</param>
/// <param name="Burned">Wei of base fees burned so far.</param>
/// <param name="Released">Rewards released so far.</param>
/// <param name="Expired">Rewards expired so far.</param>
/// <param name="RoundsSettled">Rounds that moved the model.</param>
public sealed record ChainRecord(
    UInt256 BaseFee,
    Hash256 EvaluationSeed,
    ulong Commits,
    ulong Reveals,
    UInt256 Minted,
    UInt256 Burned,
    ulong Released,
    ulong Expired,
    ulong RoundsSettled)
{
    /// <summary>Wei in existence: the sum of all balances.</summary>
    public UInt256 Supply => Minted - Burned;

    internal byte[] Encode() => new RlpWriter().BeginList()
        .Write(BaseFee).Write(EvaluationSeed).Write(Commits).Write(Reveals)
        .Write(Minted).Write(Burned).Write(Released).Write(Expired).Write(RoundsSettled)
        .EndList().ToArray();

    internal static ChainRecord Decode(byte[] bytes)
    {
        var rlp = new RlpReader(bytes);
        rlp.EnterList();
        var record = new ChainRecord(
            rlp.ReadUInt256(),
            rlp.ReadHash(),
            rlp.ReadUInt64(),
            rlp.ReadUInt64(),
            rlp.ReadUInt256(),
            rlp.ReadUInt256(),
            rlp.ReadUInt64(),
            rlp.ReadUInt64(),
            rlp.ReadUInt64());
        rlp.LeaveList();
        rlp.End();
        return StateValues.Sound(rlp, record);
    }
}
