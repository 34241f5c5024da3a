using System.Numerics;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>Step 3: what the public already knew earns nothing.</summary>
internal sealed class FreshGain
{
    /// <summary>Floor of cos² as 1/m for payloads of a standstill before round r − 1: what is nearer than that is a copy of one, and different work hardly is.</summary>
    private const int NearCopy = 4;

    private readonly SettlementInput _input;
    private readonly IReadOnlyList<SparseDelta> _deltas;
    private readonly ProbeBook _probes;
    private readonly bool[] _open;
    private readonly BigInteger[] _known;
    private readonly int[] _dense;

    /// <param name="input">The round.</param>
    /// <param name="deltas">Clipped.</param>
    /// <param name="probes">Runs and remembers probes.</param>
    /// <param name="open">Candidates whose plain gain is significant: no other can be accepted, because f ≤ g.</param>
    public FreshGain(SettlementInput input, IReadOnlyList<SparseDelta> deltas, ProbeBook probes, bool[] open)
    {
        _input = input;
        _deltas = deltas;
        _probes = probes;
        _open = open;
        _known = new BigInteger[deltas.Count];
        _dense = new int[input.Current.Weights.Length];
    }

    /// <summary>
    /// Per open candidate the largest of 0, ⌊⟨h,δᵢ⟩⌋ of the history's span and ⌊⟨δᵢ,u⟩ g_u / ⟨u,u⟩⌋ of each payload u of round r − 1, and of a standstill's older ones that are near a candidate;
    /// 0 for the rest.
    /// </summary>
    public BigInteger[] KnownParts(ulong medianNorm)
    {
        if (!_open.Contains(true))
        {
            return _known;
        }

        foreach (SparseDelta payload in PublicDirections.Payloads(_input, 0, medianNorm))
        {
            Consider(payload, 0);
        }

        ConsiderOlder(medianNorm);
        var span = new PublicSpan(_dense.Length);
        foreach (SparseDelta direction in PublicDirections.History(_input, medianNorm))
        {
            span.Add(direction, _probes.PublicGain);
        }

        return [.. span.KnownParts(_deltas, _open).Zip(_known, BigInteger.Max)];
    }

    /// <summary>A standstill's payloads before round r − 1. As many as there are candidates, so that payloads made to be alike cannot make a round expensive.</summary>
    private void ConsiderOlder(ulong medianNorm)
    {
        int left = _deltas.Count;
        for (int age = 1; age < Standstill.Rounds(_input); age++)
        {
            foreach (SparseDelta payload in PublicDirections.Payloads(_input, age, medianNorm))
            {
                if (left == 0)
                {
                    return;
                }

                left -= Consider(payload, NearCopy) ? 1 : 0;
            }
        }
    }

    /// <summary>Whether the direction was judged.</summary>
    /// <param name="direction">Scaled to the median norm.</param>
    /// <param name="near">0, or m: it counts for those candidates alone that have cos² ≥ 1/m with it.</param>
    private bool Consider(SparseDelta direction, int near)
    {
        direction.CopyTo(_dense);
        Int128[] products = [.. _deltas.Select((delta, i) => _open[i] ? delta.Dot(_dense) : Int128.Zero)];
        direction.ClearFrom(_dense);
        bool[] counts = [.. products.Select((product, i) => IsWithin(product, direction.SquaredNorm, i, near))];
        if (!products.Where((product, i) => counts[i] && IsWithin(product, direction.SquaredNorm, i, _input.Parameters.PublicCosineFloor)).Any())
        {
            return false;
        }

        long publicGain = _probes.PublicGain(direction);
        for (int i = 0; i < products.Length && publicGain > 0; i++)
        {
            if (counts[i])
            {
                _known[i] = BigInteger.Max(_known[i], (BigInteger)products[i] * publicGain / direction.SquaredNorm);
            }
        }

        return true;
    }

    private bool IsWithin(Int128 product, UInt128 squaredNorm, int candidate, int floor) =>
        product > 0 && (floor == 0 || (BigInteger)product * product * floor >= (BigInteger)squaredNorm * _deltas[candidate].SquaredNorm);
}
