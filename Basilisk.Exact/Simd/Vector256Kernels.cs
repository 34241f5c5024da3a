using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Judging;

namespace Basilisk.Exact.Simd;

/// <summary>Products by AVX2: as <see cref="Vector512Kernels"/>, with a panel in two vectors of eight rows.</summary>
internal class Vector256Kernels : PlainKernels
{
    /// <summary>Pairs of columns summed in int32: 127 · 2 products of at most 32,767 · 256 stay below 2^31.</summary>
    protected const int BlockPairs = 127;

    private const int QuantisedAtOnce = 256;

    private const int HalfPanel = PackedRows.PanelRows / 2;

    public override void Multiply(
        PackedRows rows, int panels, ActivationBlock activations, int first, int count, int baseShift, Span<int> result, int resultStride)
    {
        CheckOperands(rows, panels, activations, first, count, result, resultStride);
        Span<long> sums = stackalloc long[PackedRows.PanelRows];
        for (int panel = 0; panel < panels; panel++)
        {
            ReadOnlySpan<int> rowShifts = rows.Shifts.AsSpan(panel * PackedRows.PanelRows, PackedRows.PanelRows);
            for (int token = 0; token < count; token++)
            {
                sums.Clear();
                for (int start = 0; start < rows.Pairs; start += BlockPairs)
                {
                    int pairs = Math.Min(BlockPairs, rows.Pairs - start);
                    int offset = ((first + token) * activations.Stride) + (2 * start);
                    AddBlock(
                        ref rows.Values[(panel * rows.PanelLength) + (start * 2 * PackedRows.PanelRows)],
                        ref Unsafe.As<short, int>(ref activations.High[offset]),
                        ref Unsafe.As<short, int>(ref activations.Low[offset]),
                        pairs,
                        sums);
                }

                int shift = baseShift - activations.Shifts[first + token];
                Span<int> target = result.Slice((token * resultStride) + (panel * PackedRows.PanelRows), PackedRows.PanelRows);
                for (int row = 0; row < target.Length; row++)
                {
                    target[row] = FixedPoint.Rescale(sums[row], shift - rowShifts[row]);
                }
            }
        }
    }

    public override void Quantise(ReadOnlySpan<long> values, int bits, ActivationBlock target, int token)
    {
        ulong combined = 0;
        int done = Vector256Elements.CombineMagnitudes(values, ref combined);
        int shift = BlockFloat.Shift(combined | BlockFloat.CombineMagnitudes(values[done..]), bits);
        int largest = BlockFloat.LargestValue(bits);
        target.SetToken(token, shift);
        done = shift == 0 ? 0 : Vector256Elements.Quantise(values, shift, largest, target.HighOf(token), target.LowOf(token));
        target.SetValues(token, done, values[done..], largest);
    }

    public override void Quantise(ReadOnlySpan<int> values, int bits, PackedRows target, int row)
    {
        int shift = BlockFloat.Shift(CombineMagnitudes(values), bits);
        int largest = BlockFloat.LargestValue(bits);
        target.SetShift(row, shift);
        Span<short> quantised = stackalloc short[QuantisedAtOnce];
        int done = 0;
        for (int count; (count = Math.Min(QuantisedAtOnce, (values.Length - done) & ~7)) > 0; done += count)
        {
            Vector256Elements.Quantise(values.Slice(done, count), shift, largest, quantised);
            target.SetPairs(row, done, quantised[..count]);
        }

        target.SetValues(row, done, values[done..], largest);
    }

    public override ulong CombineMagnitudes(ReadOnlySpan<int> values)
    {
        ulong combined = 0;
        int done = Vector256Elements.CombineMagnitudes(values, ref combined);
        return combined | base.CombineMagnitudes(values[done..]);
    }

    public override void Scale(ReadOnlySpan<int> values, int scale, Span<long> result)
    {
        int done = Vector256Elements.Scale(values, scale, result);
        base.Scale(values[done..], scale, result[done..]);
    }

    public override void Divide(ReadOnlySpan<long> sums, long divisor, Span<int> result)
    {
        var reciprocal = new Reciprocal(divisor);
        for (int i = 0; i < sums.Length; i++)
        {
            result[i] = reciprocal.RoundDivide(sums[i]);
        }
    }

    public override void Gate(ReadOnlySpan<int> gate, ReadOnlySpan<int> up, Span<long> result)
    {
        int done = Vector256Elements.SwiGlu(gate, up, result);
        base.Gate(gate[done..], up[done..], result[done..]);
    }

    public override long Weigh(ReadOnlySpan<int> scores, int largest, Span<int> weights)
    {
        long sum = 0;
        int done = Vector256Elements.Weigh(scores, largest, weights, ref sum);
        return sum + base.Weigh(scores[done..], largest, weights[done..]);
    }

    public override long SumExponentials(ReadOnlySpan<int> logits, int largest)
    {
        long sum = 0;
        int done = Vector256Elements.SumExponentials(logits, largest, ref sum);
        return sum + base.SumExponentials(logits[done..], largest);
    }

    public override void Normalise(ReadOnlySpan<int> residual, ReadOnlySpan<int> gain, long inverse, int shift, Span<long> result)
    {
        // The inverse is 2^31 in one case, which no int32 lane holds.
        int done = inverse > int.MaxValue ? 0 : Vector256Elements.Normalise(residual, gain, (int)inverse, shift, result);
        base.Normalise(residual[done..], gain[done..], inverse, shift, result[done..]);
    }

    public override int Largest(ReadOnlySpan<int> values)
    {
        int largest = values[0];
        int done = Vector256Elements.Largest(values, ref largest);
        return done == values.Length ? largest : Math.Max(largest, base.Largest(values[done..]));
    }

    public override void Add(Span<int> sums, ReadOnlySpan<int> added)
    {
        int done = Vector256Elements.Add(sums, added);
        base.Add(sums[done..], added[done..]);
    }

    public override void Rotate(ReadOnlySpan<int> head, ReadOnlySpan<int> cosines, ReadOnlySpan<int> sines, Span<int> result)
    {
        // Whole vectors of pairs only: the two halves of an odd rest would have to be cut apart.
        if (cosines.Length % 8 == 0)
        {
            Vector256Elements.Rotate(head, cosines, sines, result);
        }
        else
        {
            base.Rotate(head, cosines, sines, result);
        }
    }

    public override long SumSquares(ReadOnlySpan<int> values, int shift)
    {
        long sum = 0;
        int done = shift > 0 ? 0 : Vector256Elements.SumSquares(values, ref sum);
        return sum + base.SumSquares(values[done..], shift);
    }

    /// <summary>Adds the products of one block of pairs to a panel's sums. The references hold <paramref name="pairs"/> pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddBlock(ref short weights, ref int highPairs, ref int lowPairs, int pairs, Span<long> sums)
    {
        Vector256<int> high0 = default, high1 = default, low0 = default, low1 = default;
        for (nint k = 0; k < pairs; k++)
        {
            Vector256<short> upper = Vector256.LoadUnsafe(ref weights, (nuint)k * 32);
            Vector256<short> lower = Vector256.LoadUnsafe(ref weights, ((nuint)k * 32) + HalfPanel * 2);
            Vector256<short> high = Vector256.Create(Unsafe.Add(ref highPairs, k)).AsInt16();
            Vector256<short> low = Vector256.Create(Unsafe.Add(ref lowPairs, k)).AsInt16();
            high0 += Avx2.MultiplyAddAdjacent(upper, high);
            high1 += Avx2.MultiplyAddAdjacent(lower, high);
            low0 += Avx2.MultiplyAddAdjacent(upper, low);
            low1 += Avx2.MultiplyAddAdjacent(lower, low);
        }

        AddSums(high0, low0, sums);
        AddSums(high1, low1, sums[HalfPanel..]);
    }

    private static void AddSums(Vector256<int> high, Vector256<int> low, Span<long> sums)
    {
        ref long target = ref MemoryMarshal.GetReference(sums[..HalfPanel]);
        AddSums(high.GetLower(), low.GetLower(), ref target);
        AddSums(high.GetUpper(), low.GetUpper(), ref Unsafe.Add(ref target, HalfPanel / 2));
    }

    private static void AddSums(Vector128<int> high, Vector128<int> low, ref long sums)
    {
        Vector256<long> block = (Avx2.ConvertToVector256Int64(high) << ActivationBlock.PlaneBits) + Avx2.ConvertToVector256Int64(low);
        (Vector256.LoadUnsafe(ref sums) + block).StoreUnsafe(ref sums);
    }
}
