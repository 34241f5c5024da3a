using System.Numerics;

namespace Basilisk.Exact.Arithmetic;

/// <summary>
/// Cosines and sines of the rotary position embedding (Su et al. 2021; half-split as in Llama):
/// round(2^30 · cos(p · 10000^(−2i / headWidth))), and the same for the sine.
/// </summary>
public sealed class RotaryTable
{
    /// <summary>Fraction bits.</summary>
    public const int ValueBits = 30;

    private readonly int[] _cosines;
    private readonly int[] _sines;

    /// <param name="headWidth">Even.</param>
    /// <param name="positions">Number of positions, from 0.</param>
    public RotaryTable(int headWidth, int positions)
    {
        Pairs = headWidth / 2;
        Positions = positions;
        _cosines = new int[positions * Pairs];
        _sines = new int[positions * Pairs];
        for (int pair = 0; pair < Pairs; pair++)
        {
            Fill(pair, headWidth);
        }
    }

    /// <summary>Rotated pairs per head: channel i turns with channel i + Pairs.</summary>
    public int Pairs { get; }

    public int Positions { get; }

    public ReadOnlySpan<int> Cosines(int position) => _cosines.AsSpan(position * Pairs, Pairs);

    public ReadOnlySpan<int> Sines(int position) => _sines.AsSpan(position * Pairs, Pairs);

    private void Fill(int pair, int headWidth)
    {
        BigInteger angle = BigFixed.Exponential(-(BigFixed.Ln10000 * (2 * pair) / headWidth));
        (BigInteger stepCosine, BigInteger stepSine) = BigFixed.CosineSine(angle);
        BigInteger cosine = BigFixed.One;
        BigInteger sine = BigInteger.Zero;
        for (int position = 0; position < Positions; position++)
        {
            _cosines[(position * Pairs) + pair] = (int)BigFixed.Round(cosine, ValueBits);
            _sines[(position * Pairs) + pair] = (int)BigFixed.Round(sine, ValueBits);
            BigInteger next = BigFixed.Multiply(cosine, stepCosine) - BigFixed.Multiply(sine, stepSine);
            sine = BigFixed.Multiply(cosine, stepSine) + BigFixed.Multiply(sine, stepCosine);
            cosine = next;
        }
    }
}
