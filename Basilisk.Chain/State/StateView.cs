using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>Typed reading of a state, finished (<see cref="StateTree"/>) or being written (<see cref="StateEditor"/>).</summary>
public class StateView
{
    private readonly IStateReader _entries;

    public StateView(IStateReader entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _entries = entries;
    }

    /// <summary>Base fee, totals and counters.</summary>
    /// <exception cref="InvalidOperationException">The state has no chain record: it is not one made from genesis.</exception>
    public ChainRecord Chain => ChainRecord.Decode(
        _entries.Get(StateKeys.Chain) ?? throw new InvalidOperationException("The state has no chain record; start from a genesis state."));

    /// <summary>An account; <see cref="Account.Empty"/> where nothing has happened to the address.</summary>
    public Account Account(Address address) =>
        _entries.Get(StateKeys.Account(address)) is { } bytes ? State.Account.Decode(bytes) : State.Account.Empty;

    /// <summary>A unit by the hash of its block; null where it never was, or its life is over.</summary>
    public WorkUnit? Unit(Hash256 id) =>
        _entries.Get(StateKeys.Unit(id)) is { } bytes ? WorkUnit.Decode(bytes) : null;

    /// <summary>The unit drawn at a height, while it lives.</summary>
    public WorkUnit? UnitAt(ulong height) =>
        _entries.Get(StateKeys.UnitAt(height)) is { } bytes ? Unit(new Hash256(bytes)) : null;

    /// <summary>A pending reward by its place in the account's queue.</summary>
    public PendingReward? Reward(Address address, ulong place) =>
        _entries.Get(StateKeys.Reward(address, place)) is { } bytes ? PendingReward.Decode(bytes) : null;

    /// <summary>An account's pending rewards, oldest first.</summary>
    public IReadOnlyList<PendingReward> PendingRewards(Address address)
    {
        Account account = Account(address);
        var rewards = new List<PendingReward>((int)account.PendingRewards);
        for (ulong place = account.FirstReward; place < account.NextReward; place++)
        {
            rewards.Add(Reward(address, place) ?? throw new InvalidOperationException($"Pending reward {place} of {address} is missing."));
        }

        return rewards;
    }

    /// <summary>The running round's commitments, in chain order.</summary>
    public IReadOnlyList<WorkUnit> Commits() => Listed(Chain.Commits, StateKeys.Commit);

    /// <summary>The running round's revealed units, in chain order.</summary>
    public IReadOnlyList<WorkUnit> Reveals() => Listed(Chain.Reveals, StateKeys.Reveal);

    private List<WorkUnit> Listed(ulong count, Func<ulong, Hash256> key)
    {
        var units = new List<WorkUnit>((int)count);
        for (ulong i = 0; i < count; i++)
        {
            byte[] id = _entries.Get(key(i)) ?? throw new InvalidOperationException($"Entry {i} of the round's list is missing.");
            units.Add(Unit(new Hash256(id)) ?? throw new InvalidOperationException($"Unit of entry {i} of the round's list is missing."));
        }

        return units;
    }
}
