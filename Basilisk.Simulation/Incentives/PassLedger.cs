using Basilisk.Chain.Parameters;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;

namespace Basilisk.Simulation.Incentives;

/// <summary>One account's passes and pending rewards over rounds, by the chain's own rule (protocol §8): integers, carry, cap, expiry.</summary>
/// <param name="rounds">R and E.</param>
/// <param name="rewards">kappa.</param>
public sealed class PassLedger(RoundSchedule rounds, RewardParameters rewards)
{
    private readonly Queue<int> _pending = new();
    private ulong _passes;
    private int _round;

    /// <summary>Ends a round.</summary>
    /// <param name="blocks">Blocks that the account mined in it.</param>
    /// <param name="credit">Its credit; 0 where the round is empty.</param>
    /// <param name="gain">The round's gain, above 0 where there is credit.</param>
    /// <returns>Rewards released.</returns>
    public int EndRound(int blocks, ulong credit, ulong gain)
    {
        for (int i = 0; i < blocks; i++)
        {
            _pending.Enqueue(_round);
        }

        if (credit > 0)
        {
            ulong issued = PassRule.Issued(credit, gain, rounds.Length, rewards);
            _passes = PassRule.Capped(_passes, issued, (ulong)_pending.Count);
        }

        int released = 0;
        while (gain > 0 && _passes >= Account.WholePass && _pending.Count > 0)
        {
            _pending.Dequeue();
            _passes -= Account.WholePass;
            released++;
        }

        _round++;
        while (_pending.TryPeek(out int oldest) && _round - oldest >= rounds.UnitLifetime)
        {
            _pending.Dequeue();
        }

        return released;
    }
}
