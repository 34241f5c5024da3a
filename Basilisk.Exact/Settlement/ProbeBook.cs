using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// Probes on P. Equal deltas are probed once: the judge is a function, so a copy's losses are the original's.
/// </summary>
internal sealed class ProbeBook(SettlementInput input, MeteredJudge judge, long[] before)
{
    private readonly Dictionary<SparseDelta, PairedGain> _gains = [];

    /// <summary>Evaluations spent on public directions.</summary>
    public int PublicProbes { get; private set; }

    /// <summary>L_P(C) − L_P(C + δ / 8) and its error.</summary>
    public PairedGain Gain(SparseDelta delta)
    {
        if (!_gains.TryGetValue(delta, out PairedGain gain))
        {
            gain = PairedGain.Of(before, judge.Losses(ModelUpdate.Probe(input.Current, delta, input.Parameters.ProbeDivisor), input.Paid));
            _gains.Add(delta, gain);
        }

        return gain;
    }

    /// <summary>The same for a public direction.</summary>
    public long PublicGain(SparseDelta delta)
    {
        int spent = judge.Evaluations;
        long gain = Gain(delta).Total;
        PublicProbes += judge.Evaluations - spent;
        return gain;
    }
}
