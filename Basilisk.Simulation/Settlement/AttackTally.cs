using Basilisk.Chain.Parameters;
using Basilisk.Exact.Settlement;

namespace Basilisk.Simulation.Settlement;

/// <summary>What one attack was paid in one run, beside the honest participants of the same rounds.</summary>
internal sealed class AttackTally(NetworkParameters rules)
{
    private readonly List<(int Honest, long[]? Credits)> _rounds = [];
    private double _attacker;
    private double _honest;

    /// <summary>Rounds in which it was tried.</summary>
    public int Rounds => _rounds.Count;

    /// <summary>Of these, rounds that paid somebody.</summary>
    public int Paid { get; private set; }

    /// <summary>Of all its deltas, the share that was accepted.</summary>
    public double AcceptedShare { get; private set; }

    /// <summary>The attacker's share of credit over an honest participant's, every round weighing the same; 0 where nobody was paid.</summary>
    public double CreditRatio => _honest > 0 ? _attacker / _honest : 0;

    /// <summary>Adds a round: the honest ones' results first, then the attacker's.</summary>
    public void Add(SettlementResult result, int honest)
    {
        CandidateResult[] names = [.. result.Candidates.Skip(honest)];
        AcceptedShare = ((AcceptedShare * Rounds) + ((double)names.Count(name => name.Accepted) / names.Length)) / (Rounds + 1);
        _rounds.Add((honest, result.Pays ? [.. result.Candidates.Select(candidate => candidate.Credit)] : null));
        if (result.Pays)
        {
            Paid++;
            double gain = result.Gain!.Value;
            _attacker += names.Sum(name => name.Credit) / gain;
            _honest += result.Candidates.Take(honest).Sum(candidate => candidate.Credit) / gain / honest;
        }
    }

    /// <summary>The attacker's released coins over an honest participant's where all hash alike; 0 where nobody was paid.</summary>
    public double CoinRatio()
    {
        if (Rounds == 0)
        {
            return 0;
        }

        int honest = _rounds[0].Honest;
        int names = Math.Max(1, _rounds.Max(round => (round.Credits?.Length ?? 0) - honest));
        var ledger = new EqualHashLedger(rules, [.. Enumerable.Repeat(1, honest), names]);
        foreach ((_, long[]? credits) in _rounds)
        {
            ledger.Round(credits is null ? null : [.. credits, .. new long[honest + names - credits.Length]]);
        }

        double paid = Enumerable.Range(0, honest).Sum(ledger.Released) / (double)honest;
        return paid > 0 ? ledger.Released(honest) / paid : 0;
    }
}
