using Basilisk.Chain.Parameters;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;

namespace Basilisk.Simulation.Settlement;

/// <summary>
/// What credit is worth in coins where everybody has the same hash power: heights go round among the participants, an attacker's
/// blocks round among his names, and passes are issued, capped and spent by the chain's own rule (protocol §8).
/// </summary>
internal sealed class EqualHashLedger
{
    private readonly NetworkParameters _rules;
    private readonly NameAccount[] _accounts;
    private readonly int[][] _parties;
    private readonly int[] _mined;
    private ulong _height;
    private ulong _round;

    /// <param name="rules">Round length, kappa, lifetime of rewards.</param>
    /// <param name="parties">The names of each participant, numbered through from 0; one participant each, whatever his names.</param>
    public EqualHashLedger(NetworkParameters rules, IReadOnlyList<int> parties)
    {
        _rules = rules;
        _parties = new int[parties.Count][];
        int name = 0;
        for (int party = 0; party < parties.Count; party++)
        {
            _parties[party] = [.. Enumerable.Range(name, parties[party])];
            name += parties[party];
        }

        _accounts = [.. Enumerable.Range(0, name).Select(_ => new NameAccount())];
        _mined = new int[parties.Count];
    }

    /// <summary>Rewards released so far to a participant, over all his names.</summary>
    public int Released(int party) => _parties[party].Sum(name => _accounts[name].Released);

    /// <summary>One round: its blocks are mined, then its credits are turned into passes and spent.</summary>
    /// <param name="credits">By name; null where the round settled empty.</param>
    public void Round(IReadOnlyList<long>? credits)
    {
        Mine();
        if (credits is not null)
        {
            ulong gain = (ulong)credits.Sum();
            for (int name = 0; name < _accounts.Length; name++)
            {
                _accounts[name].Earn((ulong)credits[name], gain, _rules);
            }
        }

        foreach (NameAccount account in _accounts)
        {
            account.Expire(_round);
        }

        _round++;
    }

    private void Mine()
    {
        for (uint i = 0; i < _rules.Rounds.Length; i++)
        {
            int party = (int)(_height++ % (ulong)_parties.Length);
            int[] names = _parties[party];
            _accounts[names[_mined[party]++ % names.Length]].Pending.Enqueue(_round + _rules.Rounds.UnitLifetime - 1);
        }
    }

    private sealed class NameAccount
    {
        private ulong _passes;

        /// <summary>Last rounds in which the pending rewards can be released, oldest first.</summary>
        public Queue<ulong> Pending { get; } = new();

        public int Released { get; private set; }

        public void Earn(ulong credit, ulong gain, NetworkParameters rules)
        {
            if (credit > 0)
            {
                _passes = PassRule.Capped(_passes, PassRule.Issued(credit, gain, rules.Rounds.Length, rules.Rewards), (ulong)Pending.Count);
            }

            while (_passes >= Account.WholePass && Pending.Count > 0)
            {
                Pending.Dequeue();
                _passes -= Account.WholePass;
                Released++;
            }
        }

        public void Expire(ulong round)
        {
            while (Pending.TryPeek(out ulong last) && last <= round)
            {
                Pending.Dequeue();
            }
        }
    }
}
