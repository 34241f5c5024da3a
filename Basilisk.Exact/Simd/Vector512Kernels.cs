using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Basilisk.Exact.Arithmetic;

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
            for (int token = 0; token < count;)
            {
                int tile = count - token >= TokenTile ? TokenTile : 1;
                SumTile(rows, panel, activations, first + token, tile, sums);
                for (int t = 0; t < tile; t++, token++)
                {
                    int shift = baseShift - activations.Shifts[first + token];
                    Span<int> target = result.Slice((token * resultStride) + (panel * PackedRows.PanelRows), PackedRows.PanelRows);
                    Store(sums.Slice(t * PackedRows.PanelRows, PackedRows.PanelRows), Vector512.Create(shift) - rowShifts, target);
                }
            }
        }
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
    private static void AddSums(Vector256<int> high, Vector256<int> low, ref long sums)
    {
        Vector512<long> block = (Avx512F.ConvertToVector512Int64(high) << ActivationBlock.PlaneBits) + Avx512F.ConvertToVector512Int64(low);
        (Vector512.LoadUnsafe(ref sums) + block).StoreUnsafe(ref sums);
    }

    /// <summary>Brings 16 exact sums to their rows' format.</summary>
    private static void Store(ReadOnlySpan<long> sums, Vector512<int> shifts, Span<int> target)
    {
        if (Vector512.LessThanAny(shifts, Vector512<int>.Zero))
        {
            for (int row = 0; row < target.Length; row++)
            {
                target[row] = FixedPoint.Rescale(sums[row], shifts[row]);
            }

            return;
        }

        Vector256<int> least = Vector256.Create(-int.MaxValue);
        Vector256.Max(Rescale(Vector512.Create(sums), shifts.GetLower()), least).CopyTo(target);
        Vector256.Max(Rescale(Vector512.Create(sums[8..]), shifts.GetUpper()), least).CopyTo(target[8..]);
    }

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
