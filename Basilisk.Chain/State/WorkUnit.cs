using Basilisk.Chain.Primitives;
using Basilisk.Chain.Rlp;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>Where a unit stands.</summary>
public enum UnitStatus
{
    /// <summary>Drawn; its miner may commit to a contribution.</summary>
    Open = 0,

    /// <summary>A commitment was sent; the payload must follow in the same round.</summary>
    Committed = 1,

    /// <summary>The payload is in the chain.</summary>
    Revealed = 2,

    /// <summary>Committed and not revealed in its round, or without a place in it: lost.</summary>
    Forfeited = 3,
}

/// <summary>The right and duty that a block drew: one contribution to the model.</summary>
/// <param name="Id">Hash of the block that drew it.</param>
/// <param name="Height">Height of that block.</param>
/// <param name="Miner">Owner.</param>
/// <param name="Status">How far it came.</param>
/// <param name="Round">Round it was committed in; 0 while open.</param>
/// <param name="Commitment">Keccak-256(payload ‖ salt ‖ miner ‖ model root); zero while open.</param>
/// <param name="PayloadHash">Keccak-256 of the payload; zero until revealed.</param>
/// <param name="PayloadBytes">Size of the payload; 0 until revealed.</param>
public sealed record WorkUnit(
    Hash256 Id,
    ulong Height,
    Address Miner,
    UnitStatus Status,
    ulong Round,
    Hash256 Commitment,
    Hash256 PayloadHash,
    uint PayloadBytes)
{
    /// <summary>A unit as its block draws it.</summary>
    public static WorkUnit Drawn(Hash256 id, ulong height, Address miner) =>
        new(id, height, miner, UnitStatus.Open, 0, Hash256.Zero, Hash256.Zero, 0);

    internal byte[] Encode() => new RlpWriter().BeginList()
        .Write(Id).Write(Height).Write(Miner).Write((ulong)Status).Write(Round)
        .Write(Commitment).Write(PayloadHash).Write((ulong)PayloadBytes)
        .EndList().ToArray();

    internal static WorkUnit Decode(byte[] bytes)
    {
        var rlp = new RlpReader(bytes);
        rlp.EnterList();
        var unit = new WorkUnit(
            rlp.ReadHash(),
            rlp.ReadUInt64(),
            rlp.ReadAddress(),
            (UnitStatus)rlp.ReadUInt32(),
            rlp.ReadUInt64(),
            rlp.ReadHash(),
            rlp.ReadHash(),
            rlp.ReadUInt32());
        rlp.LeaveList();
        rlp.End();
        return StateValues.Sound(rlp, unit);
    }
}
