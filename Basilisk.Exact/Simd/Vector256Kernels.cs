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

    private const int TokenTile = 2;

    /// <summary>Added before a logical shift and taken off after it, this makes it an arithmetic one.</summary>
    private const long Bias = 1L << 62;

    private const int HalfPanel = PackedRows.PanelRows / 2;

    public override void Multiply(
        PackedRows rows, int panels, ActivationBlock activations, int first, int count, int baseShift, Span<int> result, int resultStride)
    {
        CheckOperands(rows, panels, activations, first, count, result, resultStride);
        for (int panel = 0; panel < panels; panel++)
        {
            for (int token = 0; token < count;)
            {
                Span<int> target = result[((token * resultStride) + (panel * PackedRows.PanelRows))..];
                if (rows.Pairs <= BlockPairs && count - token >= TokenTile && CanShiftRight(rows, panel, activations, first + token, baseShift))
                {
                    MultiplyTwo(rows, panel, activations, first + token, baseShift, ref target[0], ref target[resultStride]);
                    token += TokenTile;
                }
                else
                {
                    MultiplyOne(rows, panel, activations, first + token, baseShift, target[..PackedRows.PanelRows]);
                    token++;
                }
            }
        }
    }

    public override void WeightedSum(ReadOnlySpan<int> weights, ReadOnlySpan<int> values, int stride, Span<long> sums)
    {
        int channel = 0;
        for (; channel + Vector256Elements.SummedAtOnce <= sums.Length; channel += Vector256Elements.SummedAtOnce)
        {
            Vector256Elements.WeightedSum(weights, values[channel..], stride, sums[channel..]);
        }

        if (channel < sums.Length)
        {
            base.WeightedSum(weights, values[channel..], stride, sums[channel..]);
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

    /// <summary>Whether no row's shift of a panel is negative for any token of a tile.</summary>
    private static bool CanShiftRight(PackedRows rows, int panel, ActivationBlock activations, int token, int baseShift)
    {
        ref int shifts = ref rows.Shifts[panel * PackedRows.PanelRows];
        Vector256<int> most = Vector256.Max(Vector256.LoadUnsafe(ref shifts), Vector256.LoadUnsafe(ref shifts, HalfPanel));
        return !Vector256.GreaterThanAny(most, Vector256.Create(baseShift - Math.Max(activations.Shifts[token], activations.Shifts[token + 1])));
    }

    /// <summary>One panel times one token, whatever the shifts and the number of columns.</summary>
    private static void MultiplyOne(PackedRows rows, int panel, ActivationBlock activations, int token, int baseShift, Span<int> target)
    {
        Span<long> sums = stackalloc long[PackedRows.PanelRows];
        for (int start = 0; start < rows.Pairs; start += BlockPairs)
        {
            int offset = (token * activations.Stride) + (2 * start);
            AddBlock(
                ref rows.Values[(panel * rows.PanelLength) + (start * 2 * PackedRows.PanelRows)],
                ref Unsafe.As<short, int>(ref activations.High[offset]),
                ref Unsafe.As<short, int>(ref activations.Low[offset]),
                Math.Min(BlockPairs, rows.Pairs - start),
                sums);
        }

        ReadOnlySpan<int> rowShifts = rows.Shifts.AsSpan(panel * PackedRows.PanelRows, PackedRows.PanelRows);
        int shift = baseShift - activations.Shifts[token];
        for (int row = 0; row < target.Length; row++)
        {
            target[row] = FixedPoint.Rescale(sums[row], shift - rowShifts[row]);
        }
    }

    /// <summary>One panel times two tokens whose sums fit one block of pairs and whose shifts are all to the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyTwo(
        PackedRows rows, int panel, ActivationBlock activations, int token, int baseShift, ref int first, ref int second)
    {
        ref short weights = ref rows.Values[panel * rows.PanelLength];
        ref int high = ref Unsafe.As<short, int>(ref activations.High[token * activations.Stride]);
        ref int low = ref Unsafe.As<short, int>(ref activations.Low[token * activations.Stride]);
        nint next = activations.Stride / 2;
        Vector256<int> high00 = default, high01 = default, high10 = default, high11 = default;
        Vector256<int> low00 = default, low01 = default, low10 = default, low11 = default;
        for (nint k = 0; k < rows.Pairs; k++)
        {
            Vector256<short> upper = Vector256.LoadUnsafe(ref weights, (nuint)k * 32);
            Vector256<short> lower = Vector256.LoadUnsafe(ref weights, ((nuint)k * 32) + HalfPanel * 2);
            Vector256<short> high0 = Vector256.Create(Unsafe.Add(ref high, k)).AsInt16();
            high00 += Avx2.MultiplyAddAdjacent(upper, high0);
            high01 += Avx2.MultiplyAddAdjacent(lower, high0);
            Vector256<short> low0 = Vector256.Create(Unsafe.Add(ref low, k)).AsInt16();
            low00 += Avx2.MultiplyAddAdjacent(upper, low0);
            low01 += Avx2.MultiplyAddAdjacent(lower, low0);
            Vector256<short> high1 = Vector256.Create(Unsafe.Add(ref high, k + next)).AsInt16();
            high10 += Avx2.MultiplyAddAdjacent(upper, high1);
            high11 += Avx2.MultiplyAddAdjacent(lower, high1);
            Vector256<short> low1 = Vector256.Create(Unsafe.Add(ref low, k + next)).AsInt16();
            low10 += Avx2.MultiplyAddAdjacent(upper, low1);
            low11 += Avx2.MultiplyAddAdjacent(lower, low1);
        }

        ref int shifts = ref rows.Shifts[panel * PackedRows.PanelRows];
        Vector256<int> base0 = Vector256.Create(baseShift - activations.Shifts[token]);
        Vector256<int> base1 = Vector256.Create(baseShift - activations.Shifts[token + 1]);
        Vector256<int> upperShifts = Vector256.LoadUnsafe(ref shifts);
        Vector256<int> lowerShifts = Vector256.LoadUnsafe(ref shifts, HalfPanel);
        Rescale(high00, low00, base0 - upperShifts).StoreUnsafe(ref first);
        Rescale(high01, low01, base0 - lowerShifts).StoreUnsafe(ref first, HalfPanel);
        Rescale(high10, low10, base1 - upperShifts).StoreUnsafe(ref second);
        Rescale(high11, low11, base1 - lowerShifts).StoreUnsafe(ref second, HalfPanel);
    }

    /// <summary>The two planes' sums of eight rows in the rows' format; no shift is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rescale(Vector256<int> high, Vector256<int> low, Vector256<int> shifts) => Vector256.Narrow(
        Rescale(high.GetLower(), low.GetLower(), shifts.GetLower()),
        Rescale(high.GetUpper(), low.GetUpper(), shifts.GetUpper()));

    /// <summary>RoundShift by a shift per lane, then saturation; the sums of one block are below 2^41.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Rescale(Vector128<int> high, Vector128<int> low, Vector128<int> shifts)
    {
        Vector256<long> sums = Join(high, low);
        Vector256<ulong> counts = Avx2.ConvertToVector256Int64(shifts).AsUInt64();

        // A shift of 0 asks for 1 << −1: the instruction gives 0 for counts beyond 63, which is the half unit wanted.
        Vector256<long> half = Avx2.ShiftLeftLogicalVariable(Vector256<long>.One, counts - Vector256<ulong>.One);
        Vector256<long> bias = Vector256.Create(Bias);
        Vector256<long> rounded = Avx2.ShiftRightLogicalVariable(sums + half + bias, counts) - Avx2.ShiftRightLogicalVariable(bias, counts);
        return Vector256Elements.Saturate(rounded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> Join(Vector128<int> high, Vector128<int> low) =>
        (Avx2.ConvertToVector256Int64(high) << ActivationBlock.PlaneBits) + Avx2.ConvertToVector256Int64(low);

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

    private static void AddSums(Vector128<int> high, Vector128<int> low, ref long sums) =>
        (Vector256.LoadUnsafe(ref sums) + Join(high, low)).StoreUnsafe(ref sums);
}
