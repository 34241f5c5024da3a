using Basilisk.Exact.Arithmetic;

namespace Basilisk.Exact.Judging;

/// <summary>The gated unit of the feed-forward (Shazeer 2020): gate · σ(gate) · up.</summary>
internal static class SwiGlu
{
    /// <summary>Fraction bits of the result.</summary>
    public const int ResultBits = 2 * ForwardPass.StreamBits;

    /// <param name="gate">Q20.</param>
    /// <param name="up">Q20.</param>
    /// <param name="result">Q40, below 2^62 in magnitude.</param>
    public static void Apply(ReadOnlySpan<int> gate, ReadOnlySpan<int> up, Span<long> result)
    {
        for (int i = 0; i < gate.Length; i++)
        {
            long activated = FixedPoint.RoundShift((long)gate[i] * SigmoidTable.Evaluate(gate[i]), SigmoidTable.ValueBits);
            result[i] = activated * up[i];
        }
    }
}
