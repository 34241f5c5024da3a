using System.Collections.Immutable;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;

namespace Basilisk.Chain.Settlement;

/// <summary>
/// The end of a round (protocol §8): credits, passes, releases, forfeits, expiry, in this order. Accounts are taken by
/// rising address and heights by rising number, so that every node writes the same.
/// </summary>
internal sealed class RoundSettler(NetworkParameters parameters, StateEditor state, RoundOutcome outcome)
{
    private readonly ImmutableArray<CreditEarned>.Builder _credits = ImmutableArray.CreateBuilder<CreditEarned>();
    private readonly ImmutableArray<RewardEnded>.Builder _released = ImmutableArray.CreateBuilder<RewardEnded>();
    private readonly ImmutableArray<RewardEnded>.Builder _expired = ImmutableArray.CreateBuilder<RewardEnded>();
    private readonly ImmutableArray<WorkUnit>.Builder _expiredUnits = ImmutableArray.CreateBuilder<WorkUnit>();

    public RoundEnd Settle()
    {
        if (outcome.Pays)
        {
            GiveCredit();
            Release();
        }

        ImmutableArray<WorkUnit> forfeited = Forfeit();
        Expire();
        ClearLists();
        Count();
        return new RoundEnd(
            outcome,
            _credits.ToImmutable(),
            _released.ToImmutable(),
            _expired.ToImmutable(),
            forfeited,
            _expiredUnits.ToImmutable());
    }

    private void GiveCredit()
    {
        var byMiner = new SortedDictionary<Address, ulong>();
        foreach (ContributionOutcome contribution in outcome.Contributions)
        {
            byMiner[contribution.Miner] = checked(byMiner.GetValueOrDefault(contribution.Miner) + (ulong)contribution.Credit);
        }

        foreach ((Address miner, ulong credit) in byMiner)
        {
            if (credit == 0)
            {
                continue;
            }

            Account account = state.Account(miner);
            ulong issued = PassRule.Issued(credit, (ulong)outcome.Gain, parameters.Rounds.Length, parameters.Rewards);
            ulong held = PassRule.Capped(account.Passes, issued, account.PendingRewards);
            state.Put(miner, account with { Credit = account.Credit + credit, Passes = held });
            _credits.Add(new CreditEarned(miner, credit, issued, account.Passes + issued - held));
        }
    }

    private void Release()
    {
        foreach (Address miner in AccountsWithPendingRewards())
        {
            Account account = state.Account(miner);
            if (account.Passes < Account.WholePass || account.PendingRewards == 0)
            {
                continue;
            }

            while (account.Passes >= Account.WholePass && account.PendingRewards > 0)
            {
                PendingReward reward = Take(miner, account);
                _released.Add(new RewardEnded(miner, reward.Height, reward.Block));
                account = account with
                {
                    Balance = account.Balance + parameters.Rewards.Reward,
                    Passes = account.Passes - Account.WholePass,
                    FirstReward = account.FirstReward + 1,
                    Released = account.Released + 1,
                };
            }

            state.Put(miner, account);
        }
    }

    /// <summary>Owners of the units that still live: nobody else can have a pending reward.</summary>
    private SortedSet<Address> AccountsWithPendingRewards()
    {
        RoundSchedule rounds = parameters.Rounds;
        ulong first = rounds.FirstHeightOf(rounds.RoundExpiringAfter(outcome.Round) ?? 0);
        ulong last = rounds.LastHeightOf(outcome.Round);
        var miners = new SortedSet<Address>();
        for (ulong height = first; height < last; height++)
        {
            if (state.UnitAt(height) is { } unit)
            {
                miners.Add(unit.Miner);
            }
        }

        return miners;
    }

    private ImmutableArray<WorkUnit> Forfeit()
    {
        ImmutableArray<WorkUnit>.Builder forfeited = ImmutableArray.CreateBuilder<WorkUnit>();
        foreach (WorkUnit unit in state.Commits())
        {
            if (unit.Status == UnitStatus.Committed)
            {
                WorkUnit lost = unit with { Status = UnitStatus.Forfeited };
                state.Put(lost);
                forfeited.Add(lost);
            }
        }

        return forfeited.ToImmutable();
    }

    private void Expire()
    {
        if (parameters.Rounds.RoundExpiringAfter(outcome.Round) is not { } old)
        {
            return;
        }

        for (ulong height = parameters.Rounds.FirstHeightOf(old); height <= parameters.Rounds.LastHeightOf(old); height++)
        {
            if (state.UnitAt(height) is { } unit)
            {
                ExpireReward(unit);
                state.Remove(unit);
                _expiredUnits.Add(unit);
            }
        }
    }

    /// <summary>Rewards leave a queue from its front and heights rise along it: the unit's is at the front, or gone.</summary>
    private void ExpireReward(WorkUnit unit)
    {
        Account account = state.Account(unit.Miner);
        if (account.PendingRewards == 0 || state.Reward(unit.Miner, account.FirstReward)!.Height != unit.Height)
        {
            return;
        }

        PendingReward reward = Take(unit.Miner, account);
        state.Put(unit.Miner, account with { FirstReward = account.FirstReward + 1, Expired = account.Expired + 1 });
        _expired.Add(new RewardEnded(unit.Miner, reward.Height, reward.Block));
    }

    private PendingReward Take(Address miner, Account account)
    {
        PendingReward reward = state.Reward(miner, account.FirstReward)
            ?? throw new InvalidOperationException($"Pending reward {account.FirstReward} of {miner} is missing.");
        state.PutReward(miner, account.FirstReward, null);
        return reward;
    }

    private void ClearLists()
    {
        ChainRecord chain = state.Chain;
        for (ulong i = 0; i < chain.Commits; i++)
        {
            state.PutCommit(i, null);
        }

        for (ulong i = 0; i < chain.Reveals; i++)
        {
            state.PutReveal(i, null);
        }

        state.Put(chain with { Commits = 0, Reveals = 0 });
    }

    private void Count()
    {
        ChainRecord chain = state.Chain;
        ulong released = (ulong)_released.Count;
        state.Put(chain with
        {
            Minted = chain.Minted + (parameters.Rewards.Reward * released),
            Released = chain.Released + released,
            Expired = chain.Expired + (ulong)_expired.Count,
            RoundsSettled = chain.RoundsSettled + (outcome.Settled ? 1UL : 0UL),
        });
    }
}
