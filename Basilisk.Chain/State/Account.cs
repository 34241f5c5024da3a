using Basilisk.Chain.Primitives;
using Basilisk.Chain.Rlp;

namespace Basilisk.Chain.State;

/// <summary>What the state keeps of an address.</summary>
/// <param name="Nonce">Transactions sent.</param>
/// <param name="Balance">Wei.</param>
/// <param name="Credit">Confirmed improvement credited so far: the rounds' loss units (nats · 2²⁴, summed over the confirmation set).</param>
/// <param name="Passes">Passes held, Q32: 2³² is one whole pass.</param>
/// <param name="FirstReward">Place of the oldest pending reward.</param>
/// <param name="NextReward">Place after the newest; equal to <paramref name="FirstReward"/> where none is pending.</param>
/// <param name="Released">Rewards minted so far.</param>
/// <param name="Expired">Rewards that never will be.</param>
public sealed record Account(
    ulong Nonce,
    UInt256 Balance,
    UInt256 Credit,
    ulong Passes,
    ulong FirstReward,
    ulong NextReward,
    ulong Released,
    ulong Expired)
{
    /// <summary>One whole pass in Q32.</summary>
    public const ulong WholePass = 1UL << 32;

    /// <summary>An address nothing has happened to.</summary>
    public static Account Empty { get; } = new(0, UInt256.Zero, UInt256.Zero, 0, 0, 0, 0, 0);

    /// <summary>Live pending rewards.</summary>
    public ulong PendingRewards => NextReward - FirstReward;

    internal byte[] Encode() => new RlpWriter().BeginList()
        .Write(Nonce).Write(Balance).Write(Credit).Write(Passes)
        .Write(FirstReward).Write(NextReward).Write(Released).Write(Expired)
        .EndList().ToArray();

    internal static Account Decode(byte[] bytes)
    {
        var rlp = new RlpReader(bytes);
        rlp.EnterList();
        var account = new Account(
            rlp.ReadUInt64(),
            rlp.ReadUInt256(),
            rlp.ReadUInt256(),
            rlp.ReadUInt64(),
            rlp.ReadUInt64(),
            rlp.ReadUInt64(),
            rlp.ReadUInt64(),
            rlp.ReadUInt64());
        rlp.LeaveList();
        rlp.End();
        return StateValues.Sound(rlp, account);
    }
}
