using Basilisk.Exact.Arithmetic;

namespace Basilisk.Exact.Simd;

/// <summary>The definition of every kernel, in loops that need no vector instructions.</summary>
internal class PlainKernels : KernelSet
{
    public override void Multiply(
        PackedRows rows, int panels, ActivationBlock activations, int first, int count, int baseShift, Span<int> result, int resultStride)
    {
        CheckOperands(rows, panels, activations, first, count, result, resultStride);
        Span<long> sums = stackalloc long[PackedRows.PanelRows];
        for (int panel = 0; panel < panels; panel++)
        {
            ReadOnlySpan<short> values = rows.Values.AsSpan(panel * rows.PanelLength, rows.PanelLength);
            ReadOnlySpan<int> shifts = rows.Shifts.AsSpan(panel * PackedRows.PanelRows, PackedRows.PanelRows);
            for (int token = 0; token < count; token++)
            {
                SumPanel(values, activations, first + token, sums);
                int shift = baseShift - activations.Shifts[first + token];
                Span<int> target = result.Slice((token * resultStride) + (panel * PackedRows.PanelRows), PackedRows.PanelRows);
                for (int row = 0; row < target.Length; row++)
                {
                    target[row] = FixedPoint.Rescale(sums[row], shift - shifts[row]);
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

    private static void SumPanel(ReadOnlySpan<short> values, ActivationBlock activations, int token, Span<long> sums)
    {
        sums.Clear();
        for (int column = 0; column < activations.Columns; column++)
        {
            long activation = activations.Value(token, column);
            ReadOnlySpan<short> pair = values.Slice(column / 2 * 2 * PackedRows.PanelRows, 2 * PackedRows.PanelRows);
            int side = column & 1;
            for (int row = 0; row < PackedRows.PanelRows; row++)
            {
                sums[row] += pair[(2 * row) + side] * activation;
            }
        }
    }
}
