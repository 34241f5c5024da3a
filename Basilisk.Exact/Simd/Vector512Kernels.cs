using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Basilisk.Exact.Arithmetic;

namespace Basilisk.Exact.Simd;

/// <summary>
/// Products by AVX-512 BW. A panel's 16 rows are the lanes: <c>vpmaddwd</c> makes 16 sums m of two products at a time, each
/// below 2^31. Their exact total is kept in two int32 accumulators: <c>low = Σ m mod 2^32</c> and <c>high = Σ (m &gt;&gt; 16)</c>.
/// Since 0 ≤ m − (m &gt;&gt; 16)·2^16 &lt; 2^16, the rest Σm − high·2^16 lies in 0 … n·2^16 for n sums: below 2^32 for
/// n ≤ 2^16, so low determines it. High stays below 2^31 as long as n ≤ 2^16 too.
/// </summary>
internal sealed class Vector512Kernels : Vector256Kernels
{
    private const int TokenTile = 8;

    public override void Multiply(
        PackedRows rows,
        int panels,
        ReadOnlySpan<short> activations,
        int activationStride,
        ReadOnlySpan<int> tokenShifts,
        Span<int> result,
        int resultStride)
    {
        CheckSpans(rows, panels, activations, activationStride, tokenShifts, result, resultStride);
        ref int pairs = ref Unsafe.As<short, int>(ref MemoryMarshal.GetReference(activations));
        nint pairStride = activationStride / 2;
        for (int panel = 0; panel < panels; panel++)
        {
            ref short weights = ref rows.Values[panel * rows.PanelLength];
            Vector512<int> rowShifts = Vector512.LoadUnsafe(ref rows.Shifts[panel * PackedRows.PanelRows]);
            ref int target = ref result[panel * PackedRows.PanelRows];
            int token = 0;
            for (; token + TokenTile <= tokenShifts.Length; token += TokenTile)
            {
                MultiplyTile(
                    ref weights, rows.Pairs, ref Unsafe.Add(ref pairs, token * pairStride), pairStride,
                    ref Unsafe.Add(ref target, (nint)token * resultStride), resultStride, tokenShifts.Slice(token, TokenTile), rowShifts);
            }

            for (; token < tokenShifts.Length; token++)
            {
                MultiplyOne(
                    ref weights, rows.Pairs, ref Unsafe.Add(ref pairs, token * pairStride),
                    ref Unsafe.Add(ref target, (nint)token * resultStride), tokenShifts[token], rowShifts);
            }
        }
    }

    /// <summary>One panel times eight tokens. The sixteen accumulators are named so that they stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyTile(
        ref short weights, int pairCount, ref int pairs, nint pairStride, ref int target, nint targetStride, ReadOnlySpan<int> shifts, Vector512<int> rowShifts)
    {
        Vector512<int> low0 = default, low1 = default, low2 = default, low3 = default, low4 = default, low5 = default, low6 = default, low7 = default;
        Vector512<int> high0 = default, high1 = default, high2 = default, high3 = default, high4 = default, high5 = default, high6 = default, high7 = default;
        ref int second = ref Unsafe.Add(ref pairs, 4 * pairStride);
        for (nint k = 0; k < pairCount; k++)
        {
            Vector512<short> column = Vector512.LoadUnsafe(ref weights, (nuint)k * 32);
            Accumulate(column, Unsafe.Add(ref pairs, k), ref low0, ref high0);
            Accumulate(column, Unsafe.Add(ref pairs, k + pairStride), ref low1, ref high1);
            Accumulate(column, Unsafe.Add(ref pairs, k + (2 * pairStride)), ref low2, ref high2);
            Accumulate(column, Unsafe.Add(ref pairs, k + (3 * pairStride)), ref low3, ref high3);
            Accumulate(column, Unsafe.Add(ref second, k), ref low4, ref high4);
            Accumulate(column, Unsafe.Add(ref second, k + pairStride), ref low5, ref high5);
            Accumulate(column, Unsafe.Add(ref second, k + (2 * pairStride)), ref low6, ref high6);
            Accumulate(column, Unsafe.Add(ref second, k + (3 * pairStride)), ref low7, ref high7);
        }

        Store(low0, high0, shifts[0], rowShifts, ref target);
        Store(low1, high1, shifts[1], rowShifts, ref Unsafe.Add(ref target, targetStride));
        Store(low2, high2, shifts[2], rowShifts, ref Unsafe.Add(ref target, 2 * targetStride));
        Store(low3, high3, shifts[3], rowShifts, ref Unsafe.Add(ref target, 3 * targetStride));
        Store(low4, high4, shifts[4], rowShifts, ref Unsafe.Add(ref target, 4 * targetStride));
        Store(low5, high5, shifts[5], rowShifts, ref Unsafe.Add(ref target, 5 * targetStride));
        Store(low6, high6, shifts[6], rowShifts, ref Unsafe.Add(ref target, 6 * targetStride));
        Store(low7, high7, shifts[7], rowShifts, ref Unsafe.Add(ref target, 7 * targetStride));
    }

    private static void MultiplyOne(ref short weights, int pairCount, ref int pairs, ref int target, int shift, Vector512<int> rowShifts)
    {
        Vector512<int> low = default;
        Vector512<int> high = default;
        for (nint k = 0; k < pairCount; k++)
        {
            Accumulate(Vector512.LoadUnsafe(ref weights, (nuint)k * 32), Unsafe.Add(ref pairs, k), ref low, ref high);
        }

        Store(low, high, shift, rowShifts, ref target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(Vector512<short> column, int pair, ref Vector512<int> low, ref Vector512<int> high)
    {
        Vector512<int> sums = Avx512BW.MultiplyAddAdjacent(column, Vector512.Create(pair).AsInt16());
        low += sums;
        high += sums >> 16;
    }

    /// <summary>Brings 16 exact sums to their rows' format.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<int> low, Vector512<int> high, int tokenShift, Vector512<int> rowShifts, ref int target)
    {
        Vector512<int> shifts = Vector512.Create(tokenShift) - rowShifts;
        Vector512<int> rest = low - (high << 16);
        Vector512<long> lower = Combine(high.GetLower(), rest.GetLower());
        Vector512<long> upper = Combine(high.GetUpper(), rest.GetUpper());
        if (Vector512.LessThanAny(shifts, Vector512<int>.Zero))
        {
            StoreRaised(lower, upper, shifts, ref target);
            return;
        }

        Vector256<int> least = Vector256.Create(-int.MaxValue);
        Vector256.Max(Rescale(lower, shifts.GetLower()), least).StoreUnsafe(ref target);
        Vector256.Max(Rescale(upper, shifts.GetUpper()), least).StoreUnsafe(ref target, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Combine(Vector256<int> high, Vector256<int> rest) =>
        (Avx512F.ConvertToVector512Int64(high) << 16) + Avx512F.ConvertToVector512Int64(rest.AsUInt32()).AsInt64();

    /// <summary>RoundShift by a shift per lane, then saturation to int32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Rescale(Vector512<long> sums, Vector256<int> shifts)
    {
        Vector512<ulong> counts = Avx512F.ConvertToVector512Int64(shifts).AsUInt64();

        // A shift of 0 asks for 1 << −1: the instruction gives 0 for counts beyond 63, which is the half unit wanted.
        Vector512<long> half = Avx512F.ShiftLeftLogicalVariable(Vector512<long>.One, counts - Vector512<ulong>.One);
        return Avx512F.ConvertToVector256Int32WithSaturation(Avx512F.ShiftRightArithmeticVariable(sums + half, counts));
    }

    /// <summary>The rare case of a negative shift, by the plain rule.</summary>
    private static void StoreRaised(Vector512<long> lower, Vector512<long> upper, Vector512<int> shifts, ref int target)
    {
        for (int row = 0; row < PackedRows.PanelRows; row++)
        {
            long sum = row < 8 ? lower[row] : upper[row - 8];
            Unsafe.Add(ref target, row) = FixedPoint.Rescale(sum, shifts[row]);
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
