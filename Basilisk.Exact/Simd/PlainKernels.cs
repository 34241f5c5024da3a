using Basilisk.Exact.Arithmetic;

namespace Basilisk.Exact.Simd;

/// <summary>The definition of every kernel, in loops that need no vector instructions.</summary>
internal class PlainKernels : KernelSet
{
    public override void Multiply(
        PackedRows rows,
        int panels,
        ReadOnlySpan<short> activations,
        int activationStride,
        ReadOnlySpan<int> tokenShifts,
        Span<int> result,
        int resultStride)
    {
        Span<long> sums = stackalloc long[PackedRows.PanelRows];
        for (int panel = 0; panel < panels; panel++)
        {
            ReadOnlySpan<short> values = rows.Values.AsSpan(panel * rows.PanelLength, rows.PanelLength);
            ReadOnlySpan<int> shifts = rows.Shifts.AsSpan(panel * PackedRows.PanelRows, PackedRows.PanelRows);
            for (int token = 0; token < tokenShifts.Length; token++)
            {
                SumPanel(values, activations.Slice(token * activationStride, rows.Pairs * 2), sums);
                Span<int> target = result.Slice((token * resultStride) + (panel * PackedRows.PanelRows), PackedRows.PanelRows);
                for (int row = 0; row < target.Length; row++)
                {
                    target[row] = FixedPoint.Rescale(sums[row], tokenShifts[token] - shifts[row]);
                }
            }
        }
    }

    public override void WeightedSum(ReadOnlySpan<int> weights, ReadOnlySpan<int> values, int stride, Span<long> sums)
    {
        sums.Clear();
        for (int s = 0; s < weights.Length; s++)
        {
            ReadOnlySpan<int> row = values.Slice(s * stride, sums.Length);
            long weight = weights[s];
            for (int channel = 0; channel < row.Length; channel++)
            {
                sums[channel] += weight * row[channel];
            }
        }
    }

    private static void SumPanel(ReadOnlySpan<short> values, ReadOnlySpan<short> activations, Span<long> sums)
    {
        sums.Clear();
        for (int column = 0; column < activations.Length; column += 2)
        {
            int first = activations[column];
            int second = activations[column + 1];
            ReadOnlySpan<short> pair = values.Slice(column * PackedRows.PanelRows, 2 * PackedRows.PanelRows);
            for (int row = 0; row < PackedRows.PanelRows; row++)
            {
                // Two products of 16-bit values in ±(2^15 − 1) stay below 2^31.
                sums[row] += (pair[2 * row] * first) + (pair[(2 * row) + 1] * second);
            }
        }
    }
}
