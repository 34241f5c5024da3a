using System.Collections.Immutable;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.State;

/// <summary>An account that a block wrote to, as it is after the block.</summary>
public sealed record TouchedAccount(Address Address, Account Account);

/// <summary>
/// One block's changes over a finished state. Reads see the changes; the state below stays as it is. Used by one thread.
/// </summary>
public sealed class StateEditor : StateView
{
    private readonly Overlay _overlay;
    private readonly SortedDictionary<Address, Account> _accounts = [];

    public StateEditor(StateTree below)
        : this(new Overlay(below))
    {
    }

    private StateEditor(Overlay overlay)
        : base(overlay)
    {
        _overlay = overlay;
    }

    public void Put(ChainRecord record) => _overlay.Changes[StateKeys.Chain] = record.Encode();

    /// <summary>An empty account takes no place in the state.</summary>
    public void Put(Address address, Account account)
    {
        _overlay.Changes[StateKeys.Account(address)] = account == State.Account.Empty ? null : account.Encode();
        _accounts[address] = account;
    }

    /// <summary>Every account written to, as it is now, by rising address.</summary>
    public ImmutableArray<TouchedAccount> TouchedAccounts =>
        _accounts.Select(account => new TouchedAccount(account.Key, account.Value)).ToImmutableArray();

    public void Put(WorkUnit unit) => _overlay.Changes[StateKeys.Unit(unit.Id)] = unit.Encode();

    /// <summary>A new unit, found by its id and, while it lives, by its height.</summary>
    public void Draw(WorkUnit unit)
    {
        Put(unit);
        _overlay.Changes[StateKeys.UnitAt(unit.Height)] = unit.Id.ToArray();
    }

    /// <summary>The end of a unit's life.</summary>
    public void Remove(WorkUnit unit)
    {
        _overlay.Changes[StateKeys.Unit(unit.Id)] = null;
        _overlay.Changes[StateKeys.UnitAt(unit.Height)] = null;
    }

    public void PutReward(Address address, ulong place, PendingReward? reward) =>
        _overlay.Changes[StateKeys.Reward(address, place)] = reward?.Encode();

    /// <summary>Lists a unit as the n-th commitment of the round, or clears the place.</summary>
    public void PutCommit(ulong index, Hash256? unit) => _overlay.Changes[StateKeys.Commit(index)] = unit?.ToArray();

    /// <summary>Lists a unit as the n-th reveal of the round, or clears the place.</summary>
    public void PutReveal(ulong index, Hash256? unit) => _overlay.Changes[StateKeys.Reveal(index)] = unit?.ToArray();

    /// <summary>The state with all changes, and the entries they replaced by rising key.</summary>
    public (StateTree Tree, ImmutableArray<ReplacedEntry> Replaced) Finish()
    {
        StateTree tree = _overlay.Below;
        ImmutableArray<ReplacedEntry>.Builder replaced = ImmutableArray.CreateBuilder<ReplacedEntry>();
        foreach ((Hash256 key, byte[]? value) in _overlay.Changes.OrderBy(change => change.Key))
        {
            byte[]? old = _overlay.Below.Get(key);
            if (old is null ? value is null : value is not null && old.AsSpan().SequenceEqual(value))
            {
                continue;
            }

            replaced.Add(new ReplacedEntry(key, old));
            tree = tree.With(key, value);
        }

        return (tree, replaced.ToImmutable());
    }

    private sealed class Overlay(StateTree below) : IStateReader
    {
        public StateTree Below { get; } = below;

        public Dictionary<Hash256, byte[]?> Changes { get; } = [];

        public byte[]? Get(Hash256 key) => Changes.TryGetValue(key, out byte[]? value) ? value : Below.Get(key);
    }
}
