using Basilisk.Chain.Assembly;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Rounds;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Tests.Support;

/// <summary>Drives a test chain with random transfers, commits and reveals; all from one seed.</summary>
internal sealed class RandomChain(int seed, int accounts)
{
    private readonly Random _random = new(seed);
    private readonly PrivateKey[] _keys = [.. Enumerable.Range(0, accounts).Select(TestNetwork.Key)];
    private readonly Dictionary<Hash256, int> _promised = [];
    private readonly Dictionary<Address, ulong> _nonces = [];
    private int _payload;

    public TestChain Chain { get; } = new();

    public IReadOnlyList<Address> Addresses => [.. _keys.Select(key => key.Address)];

    public ConnectedBlock Step()
    {
        _nonces.Clear();
        var candidates = new List<CandidateTransaction>();
        switch (Chain.Parameters.Rounds.PhaseOf(Chain.State.Height + 1))
        {
            case RoundPhase.Train:
                Commit(candidates);
                break;
            case RoundPhase.Reveal:
                Reveal(candidates);
                break;
        }

        Transfer(candidates);
        return Chain.Mine(Pick().Address, [.. candidates]);
    }

    private PrivateKey Pick() => _keys[_random.Next(_keys.Length)];

    private ulong Nonce(PrivateKey key)
    {
        ulong nonce = _nonces.TryGetValue(key.Address, out ulong next) ? next : Chain.State.Account(key.Address).Nonce;
        _nonces[key.Address] = nonce + 1;
        return nonce;
    }

    private void Commit(List<CandidateTransaction> candidates)
    {
        ulong first = Chain.State.Height > 12 ? Chain.State.Height - 12 : 1;
        for (ulong height = first; height < Chain.State.Height; height++)
        {
            if (Chain.State.UnitAt(height) is { Status: UnitStatus.Open } unit && _random.Next(3) == 0)
            {
                PrivateKey owner = _keys.Single(key => key.Address == unit.Miner);
                _promised[unit.Id] = ++_payload;
                candidates.Add(Chain.Commit(owner, unit.Id, _payload, Nonce(owner)));
            }
        }
    }

    private void Reveal(List<CandidateTransaction> candidates)
    {
        int places = (int)Chain.Parameters.Caps.ContributionsPerRound;
        bool drawn = Chain.Parameters.Rounds.PhaseOf(Chain.State.Height) == RoundPhase.Reveal;
        WorkUnit[] placed = drawn
            ? [.. Chain.State.Commits().Where(unit => unit.Status == UnitStatus.Committed)]
            : [.. Chain.State.Commits().OrderBy(unit => PlaceDraw.Ticket(Chain.State.Head.Hash, unit.Id)).Take(places)];
        foreach (WorkUnit unit in placed)
        {
            if (_random.Next(5) != 0)
            {
                PrivateKey owner = _keys.Single(key => key.Address == unit.Miner);
                candidates.Add(Chain.Reveal(owner, unit.Id, _promised[unit.Id], Nonce(owner)));
            }
        }
    }

    private void Transfer(List<CandidateTransaction> candidates)
    {
        foreach (PrivateKey from in _keys)
        {
            // Below every fee this chain can reach, so that what is offered applies.
            if (Chain.State.Account(from.Address).Balance > (UInt256)Bsk.Coin && _random.Next(3) == 0)
            {
                candidates.Add(new CandidateTransaction(Chain.Transfer(from, Pick().Address, (ulong)_random.Next(1_000_000), nonce: Nonce(from))));
            }
        }
    }
}
