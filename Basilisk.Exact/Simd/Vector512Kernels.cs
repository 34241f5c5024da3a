using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Judging;

namespace Basilisk.Exact.Simd;

/// <summary>
/// Products by AVX-512 BW. A panel's 16 rows are the lanes: <c>vpmaddwd</c> makes 16 sums of two products at a time, for the
/// high and the low plane of the activations; 127 of them fit an int32, then both planes are added to int64 sums.
/// </summary>
internal sealed class Vector512Kernels : Vector256Kernels
{
    private const int TokenTile = 8;

    public override void Multiply(
        PackedRows rows, int panels, ActivationBlock activations, int first, int count, int baseShift, Span<int> result, int resultStride)
    {
        CheckOperands(rows, panels, activations, first, count, result, resultStride);
        Span<long> sums = stackalloc long[TokenTile * PackedRows.PanelRows];
        for (int panel = 0; panel < panels; panel++)
        {
            Vector512<int> rowShifts = Vector512.LoadUnsafe(ref rows.Shifts[panel * PackedRows.PanelRows]);
            int token = 0;
            for (; rows.Pairs <= BlockPairs && token + TokenTile <= count; token += TokenTile)
            {
                Vector512<int> shifts = Vector512.Create(baseShift) - rowShifts;
                if (Vector512.LessThanAny(shifts, Vector512.Create(LargestShift(activations, first + token))))
                {
                    break;
                }

                MultiplyEight(rows, panel, activations, first + token, shifts, ref result[(token * resultStride) + (panel * PackedRows.PanelRows)], resultStride);
            }

            while (token < count)
            {
                int tile = count - token >= TokenTile ? TokenTile : 1;
                SumTile(rows, panel, activations, first + token, tile, sums);
                for (int t = 0; t < tile; t++, token++)
                {
                    int shift = baseShift - activations.Shifts[first + token];
                    Span<int> target = result.Slice((token * resultStride) + (panel * PackedRows.PanelRows), PackedRows.PanelRows);
                    ReadOnlySpan<long> exact = sums.Slice(t * PackedRows.PanelRows, PackedRows.PanelRows);
                    Store(Vector512.Create(exact), Vector512.Create(exact[8..]), Vector512.Create(shift) - rowShifts, target);
                }
            }
        }
    }

    public override void Quantise(ReadOnlySpan<long> values, int bits, ActivationBlock target, int token)
    {
        ulong combined = 0;
        int done = Vector512Elements.CombineMagnitudes(values, ref combined);
        int shift = BlockFloat.Shift(combined | BlockFloat.CombineMagnitudes(values[done..]), bits);
        int largest = BlockFloat.LargestValue(bits);
        target.SetToken(token, shift);
        done = shift == 0 ? 0 : Vector512Elements.Quantise(values, shift, largest, target.HighOf(token), target.LowOf(token));
        target.SetValues(token, done, values[done..], largest);
    }

    public override ulong CombineMagnitudes(ReadOnlySpan<int> values)
    {
        ulong combined = 0;
        int done = Vector512Elements.CombineMagnitudes(values, ref combined);
        return combined | base.CombineMagnitudes(values[done..]);
    }

    public override void Scale(ReadOnlySpan<int> values, int scale, Span<long> result)
    {
        int done = Vector512Elements.Scale(values, scale, result);
        base.Scale(values[done..], scale, result[done..]);
    }

    public override void Divide(ReadOnlySpan<long> sums, long divisor, Span<int> result)
    {
        int done = Vector512Elements.Divide(sums, new Reciprocal(divisor), result);
        if (done < sums.Length)
        {
            base.Divide(sums[done..], divisor, result[done..]);
        }
    }

    public override void Gate(ReadOnlySpan<int> gate, ReadOnlySpan<int> up, Span<long> result)
    {
        int done = Vector512Elements.SwiGlu(gate, up, result);
        base.Gate(gate[done..], up[done..], result[done..]);
    }

    public override long Weigh(ReadOnlySpan<int> scores, int largest, Span<int> weights)
    {
        long sum = 0;
        int done = Vector512Elements.Weigh(scores, largest, weights, ref sum);
        return sum + base.Weigh(scores[done..], largest, weights[done..]);
    }

    public override long SumExponentials(ReadOnlySpan<int> logits, int largest)
    {
        long sum = 0;
        int done = Vector512Elements.SumExponentials(logits, largest, ref sum);
        return sum + base.SumExponentials(logits[done..], largest);
    }

    public override void Normalise(ReadOnlySpan<int> residual, ReadOnlySpan<int> gain, long inverse, int shift, Span<long> result)
    {
        // The inverse is 2^31 in one case, which no int32 lane holds.
        int done = inverse > int.MaxValue ? 0 : Vector512Elements.Normalise(residual, gain, (int)inverse, shift, result);
        base.Normalise(residual[done..], gain[done..], inverse, shift, result[done..]);
    }

    public override int Largest(ReadOnlySpan<int> values)
    {
        int largest = values[0];
        int done = Vector512Elements.Largest(values, ref largest);
        return done == values.Length ? largest : Math.Max(largest, base.Largest(values[done..]));
    }

    public override void Add(Span<int> sums, ReadOnlySpan<int> added)
    {
        int done = Vector512Elements.Add(sums, added);
        base.Add(sums[done..], added[done..]);
    }

    public override void Rotate(ReadOnlySpan<int> head, ReadOnlySpan<int> cosines, ReadOnlySpan<int> sines, Span<int> result)
    {
        // As in the 256-bit path: whole vectors of pairs only.
        if (cosines.Length % 8 == 0)
        {
            Vector512Elements.Rotate(head, cosines, sines, result);
        }
        else
        {
            base.Rotate(head, cosines, sines, result);
        }
    }

    public override long SumSquares(ReadOnlySpan<int> values, int shift)
    {
        long sum = 0;
        int done = shift > 0 ? 0 : Vector512Elements.SumSquares(values, ref sum);
        return sum + base.SumSquares(values[done..], shift);
    }

    public override void WeightedSum(ReadOnlySpan<int> weights, ReadOnlySpan<int> values, int stride, Span<long> sums)
    {
        int channel = 0;
        for (; channel + 32 <= sums.Length; channel += 32)
        {
            WeightedSum32(weights, values[channel..], stride, sums.Slice(channel, 32));
        }

        if (channel < sums.Length)
        {
            base.WeightedSum(weights, values[channel..], stride, sums[channel..]);
        }
    }

    private static int LargestShift(ActivationBlock activations, int token)
    {
        Vector256<int> eight = Vector256.LoadUnsafe(ref activations.Shifts.AsSpan(token, TokenTile)[0]);
        Vector128<int> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        return Math.Max(Math.Max(four[0], four[1]), Math.Max(four[2], four[3]));
    }

    /// <summary>The exact sums of one panel for one token or eight, block of columns after block.</summary>
    private static void SumTile(PackedRows rows, int panel, ActivationBlock activations, int token, int tile, Span<long> sums)
    {
        sums.Clear();
        nint pairStride = activations.Stride / 2;
        for (int start = 0; start < rows.Pairs; start += BlockPairs)
        {
            int pairs = Math.Min(BlockPairs, rows.Pairs - start);
            int offset = (token * activations.Stride) + (2 * start);
            ref short weights = ref rows.Values[(panel * rows.PanelLength) + (start * 2 * PackedRows.PanelRows)];
            ref int high = ref Unsafe.As<short, int>(ref activations.High[offset]);
            ref int low = ref Unsafe.As<short, int>(ref activations.Low[offset]);
            if (tile == TokenTile)
            {
                AddEight(ref weights, ref high, ref low, pairs, pairStride, sums);
            }
            else
            {
                AddOne(ref weights, ref high, ref low, pairs, sums);
            }
        }
    }

    /// <summary>One panel times eight tokens whose sums fit one block of pairs: they never leave the registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyEight(
        PackedRows rows, int panel, ActivationBlock activations, int token, Vector512<int> rowShifts, ref int result, nint resultStride)
    {
        ref int shifts = ref activations.Shifts[token];
        ref short weights = ref rows.Values[panel * rows.PanelLength];
        ref int high = ref Unsafe.As<short, int>(ref activations.High[token * activations.Stride]);
        ref int low = ref Unsafe.As<short, int>(ref activations.Low[token * activations.Stride]);
        nint pairStride = activations.Stride / 2;
        nint pairs = rows.Pairs;
        Vector512<int> high0 = default, high1 = default, high2 = default, high3 = default, high4 = default, high5 = default, high6 = default, high7 = default;
        Vector512<int> low0 = default, low1 = default, low2 = default, low3 = default, low4 = default, low5 = default, low6 = default, low7 = default;
        nint stride3 = 3 * pairStride;
        ref int high4th = ref Unsafe.Add(ref high, 4 * pairStride);
        ref int low4th = ref Unsafe.Add(ref low, 4 * pairStride);
        for (nint k = 0; k < pairs; k++)
        {
            Vector512<short> column = Vector512.LoadUnsafe(ref weights, (nuint)k * 32);
            high0 += Product(column, Unsafe.Add(ref high, k));
            low0 += Product(column, Unsafe.Add(ref low, k));
            high1 += Product(column, Unsafe.Add(ref high, k + pairStride));
            low1 += Product(column, Unsafe.Add(ref low, k + pairStride));
            high2 += Product(column, Unsafe.Add(ref high, k + (2 * pairStride)));
            low2 += Product(column, Unsafe.Add(ref low, k + (2 * pairStride)));
            high3 += Product(column, Unsafe.Add(ref high, k + stride3));
            low3 += Product(column, Unsafe.Add(ref low, k + stride3));
            high4 += Product(column, Unsafe.Add(ref high4th, k));
            low4 += Product(column, Unsafe.Add(ref low4th, k));
            high5 += Product(column, Unsafe.Add(ref high4th, k + pairStride));
            low5 += Product(column, Unsafe.Add(ref low4th, k + pairStride));
            high6 += Product(column, Unsafe.Add(ref high4th, k + (2 * pairStride)));
            low6 += Product(column, Unsafe.Add(ref low4th, k + (2 * pairStride)));
            high7 += Product(column, Unsafe.Add(ref high4th, k + stride3));
            low7 += Product(column, Unsafe.Add(ref low4th, k + stride3));
        }

        Rescale(high0, low0, rowShifts - Vector512.Create(Unsafe.Add(ref shifts, 0))).StoreUnsafe(ref result);
        Rescale(high1, low1, rowShifts - Vector512.Create(Unsafe.Add(ref shifts, 1))).StoreUnsafe(ref result, (nuint)resultStride);
        Rescale(high2, low2, rowShifts - Vector512.Create(Unsafe.Add(ref shifts, 2))).StoreUnsafe(ref result, (nuint)(2 * resultStride));
        Rescale(high3, low3, rowShifts - Vector512.Create(Unsafe.Add(ref shifts, 3))).StoreUnsafe(ref result, (nuint)(3 * resultStride));
        Rescale(high4, low4, rowShifts - Vector512.Create(Unsafe.Add(ref shifts, 4))).StoreUnsafe(ref result, (nuint)(4 * resultStride));
        Rescale(high5, low5, rowShifts - Vector512.Create(Unsafe.Add(ref shifts, 5))).StoreUnsafe(ref result, (nuint)(5 * resultStride));
        Rescale(high6, low6, rowShifts - Vector512.Create(Unsafe.Add(ref shifts, 6))).StoreUnsafe(ref result, (nuint)(6 * resultStride));
        Rescale(high7, low7, rowShifts - Vector512.Create(Unsafe.Add(ref shifts, 7))).StoreUnsafe(ref result, (nuint)(7 * resultStride));
    }

    /// <summary>Brings 16 exact sums to their rows' format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<long> lower, Vector512<long> upper, Vector512<int> shifts, Span<int> target)
    {
        if (Vector512.LessThanAny(shifts, Vector512<int>.Zero))
        {
            StoreRaised(lower, upper, shifts, target);
            return;
        }

        Rescale(lower, upper, shifts).CopyTo(target);
    }

    /// <summary>The two planes' sums of 16 rows in the rows' format; no shift is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Rescale(Vector512<int> high, Vector512<int> low, Vector512<int> shifts) =>
        Rescale(Join(high.GetLower(), low.GetLower()), Join(high.GetUpper(), low.GetUpper()), shifts);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Rescale(Vector512<long> lower, Vector512<long> upper, Vector512<int> shifts) =>
        Vector512.Max(Vector512.Create(Rescale(lower, shifts.GetLower()), Rescale(upper, shifts.GetUpper())), Vector512.Create(-int.MaxValue));

    /// <summary>The same where some row's shift is negative, which is rare.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreRaised(Vector512<long> lower, Vector512<long> upper, Vector512<int> shifts, Span<int> target)
    {
        for (int row = 0; row < target.Length; row++)
        {
            target[row] = FixedPoint.Rescale(row < 8 ? lower[row] : upper[row - 8], shifts[row]);
        }
    }

    /// <summary>
    /// One panel times eight tokens, <paramref name="pairStride"/> apart. The references hold <paramref name="pairs"/> pairs per
    /// token; the sixteen accumulators are named so that they stay in registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddEight(ref short weights, ref int high, ref int low, int pairs, nint pairStride, Span<long> sums)
    {
        Vector512<int> high0 = default, high1 = default, high2 = default, high3 = default, high4 = default, high5 = default, high6 = default, high7 = default;
        Vector512<int> low0 = default, low1 = default, low2 = default, low3 = default, low4 = default, low5 = default, low6 = default, low7 = default;
        nint stride3 = 3 * pairStride;
        ref int high4th = ref Unsafe.Add(ref high, 4 * pairStride);
        ref int low4th = ref Unsafe.Add(ref low, 4 * pairStride);
        for (nint k = 0; k < pairs; k++)
        {
            Vector512<short> column = Vector512.LoadUnsafe(ref weights, (nuint)k * 32);
            high0 += Product(column, Unsafe.Add(ref high, k));
            low0 += Product(column, Unsafe.Add(ref low, k));
            high1 += Product(column, Unsafe.Add(ref high, k + pairStride));
            low1 += Product(column, Unsafe.Add(ref low, k + pairStride));
            high2 += Product(column, Unsafe.Add(ref high, k + (2 * pairStride)));
            low2 += Product(column, Unsafe.Add(ref low, k + (2 * pairStride)));
            high3 += Product(column, Unsafe.Add(ref high, k + stride3));
            low3 += Product(column, Unsafe.Add(ref low, k + stride3));
            high4 += Product(column, Unsafe.Add(ref high4th, k));
            low4 += Product(column, Unsafe.Add(ref low4th, k));
            high5 += Product(column, Unsafe.Add(ref high4th, k + pairStride));
            low5 += Product(column, Unsafe.Add(ref low4th, k + pairStride));
            high6 += Product(column, Unsafe.Add(ref high4th, k + (2 * pairStride)));
            low6 += Product(column, Unsafe.Add(ref low4th, k + (2 * pairStride)));
            high7 += Product(column, Unsafe.Add(ref high4th, k + stride3));
            low7 += Product(column, Unsafe.Add(ref low4th, k + stride3));
        }

        AddSums(high0, low0, sums, 0);
        AddSums(high1, low1, sums, 1);
        AddSums(high2, low2, sums, 2);
        AddSums(high3, low3, sums, 3);
        AddSums(high4, low4, sums, 4);
        AddSums(high5, low5, sums, 5);
        AddSums(high6, low6, sums, 6);
        AddSums(high7, low7, sums, 7);
    }

    private static void AddOne(ref short weights, ref int high, ref int low, int pairs, Span<long> sums)
    {
        Vector512<int> highSum = default;
        Vector512<int> lowSum = default;
        for (nint k = 0; k < pairs; k++)
        {
            Vector512<short> column = Vector512.LoadUnsafe(ref weights, (nuint)k * 32);
            highSum += Product(column, Unsafe.Add(ref high, k));
            lowSum += Product(column, Unsafe.Add(ref low, k));
        }

        AddSums(highSum, lowSum, sums, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Product(Vector512<short> column, int pair) =>
        Avx512BW.MultiplyAddAdjacent(column, Vector512.Create(pair).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSums(Vector512<int> high, Vector512<int> low, Span<long> sums, int token)
    {
        ref long target = ref MemoryMarshal.GetReference(sums.Slice(token * PackedRows.PanelRows, PackedRows.PanelRows));
        AddSums(high.GetLower(), low.GetLower(), ref target);
        AddSums(high.GetUpper(), low.GetUpper(), ref Unsafe.Add(ref target, PackedRows.PanelRows / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSums(Vector256<int> high, Vector256<int> low, ref long sums) =>
        (Vector512.LoadUnsafe(ref sums) + Join(high, low)).StoreUnsafe(ref sums);

    /// <summary>Eight sums of the high and the low plane as one number each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Join(Vector256<int> high, Vector256<int> low) =>
        (Avx512F.ConvertToVector512Int64(high) << ActivationBlock.PlaneBits) + Avx512F.ConvertToVector512Int64(low);

    /// <summary>RoundShift by a shift per lane, then saturation to int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rescale(Vector512<long> sums, Vector256<int> shifts)
    {
        Vector512<ulong> counts = Avx512F.ConvertToVector512Int64(shifts).AsUInt64();

        // A shift of 0 asks for 1 << −1: the instruction gives 0 for counts beyond 63, which is the half unit wanted.
        Vector512<long> half = Avx512F.ShiftLeftLogicalVariable(Vector512<long>.One, counts - Vector512<ulong>.One);
        return Avx512F.ConvertToVector256Int32WithSaturation(Avx512F.ShiftRightArithmeticVariable(sums + half, counts));
    }

    private static void WeightedSum32(ReadOnlySpan<int> weights, ReadOnlySpan<int> values, int stride, Span<long> sums)
    {
        // The last row must hold 32 channels; the loads below stay within it.
        _ = values[((weights.Length - 1) * stride) + 31];
        ref int row = ref MemoryMarshal.GetReference(values);
        Vector512<long> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        foreach (int value in weights)
        {
            Vector512<int> weight = Vector512.Create(value);
            sum0 += Avx512F.Multiply(weight, Widen(ref row, 0));
            sum1 += Avx512F.Multiply(weight, Widen(ref row, 8));
            sum2 += Avx512F.Multiply(weight, Widen(ref row, 16));
            sum3 += Avx512F.Multiply(weight, Widen(ref row, 24));
            row = ref Unsafe.Add(ref row, stride);
        }

        sum0.CopyTo(sums);
        sum1.CopyTo(sums[8..]);
        sum2.CopyTo(sums[16..]);
        sum3.CopyTo(sums[24..]);
    }

    /// <summary>Eight values, each in the even int32 lane that a widening product reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(ref int row, nuint channel) =>
        Avx512F.ConvertToVector512Int64(Vector256.LoadUnsafe(ref row, channel)).AsInt32();
}
