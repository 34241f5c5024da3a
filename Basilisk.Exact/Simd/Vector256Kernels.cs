using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Basilisk.Exact.Simd;

/// <summary>Products by AVX2: as <see cref="Vector512Kernels"/>, with a panel in two vectors of eight rows.</summary>
internal class Vector256Kernels : PlainKernels
{
    private const int HalfPanel = PackedRows.PanelRows / 2;

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
            ReadOnlySpan<int> rowShifts = rows.Shifts.AsSpan(panel * PackedRows.PanelRows, PackedRows.PanelRows);
            int token = 0;
            for (; token + 2 <= tokenShifts.Length; token += 2)
            {
                MultiplyTwo(
                    ref weights, rows.Pairs, ref Unsafe.Add(ref pairs, token * pairStride), pairStride, rowShifts, tokenShifts.Slice(token, 2),
                    result[((token * resultStride) + (panel * PackedRows.PanelRows))..], resultStride);
            }

            if (token < tokenShifts.Length)
            {
                MultiplyOne(
                    ref weights, rows.Pairs, ref Unsafe.Add(ref pairs, token * pairStride), rowShifts, tokenShifts[token],
                    result[((token * resultStride) + (panel * PackedRows.PanelRows))..]);
            }
        }
    }

    /// <summary>What the vector loops rely on instead of a bounds check per access.</summary>
    protected static void CheckSpans(
        PackedRows rows, int panels, ReadOnlySpan<short> activations, int activationStride, ReadOnlySpan<int> tokenShifts, Span<int> result, int resultStride)
    {
        long tokens = tokenShifts.Length;
        bool fits = panels <= rows.Panels
            && activationStride % 2 == 0
            && activationStride >= rows.Pairs * 2
            && resultStride >= panels * PackedRows.PanelRows
            && (tokens == 0 || (activations.Length >= ((tokens - 1) * activationStride) + (rows.Pairs * 2)
                && result.Length >= ((tokens - 1) * resultStride) + (panels * PackedRows.PanelRows)));
        if (!fits)
        {
            throw new InvalidOperationException("The operands of an integer product do not fit its sizes.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyTwo(
        ref short weights, int pairCount, ref int pairs, nint pairStride, ReadOnlySpan<int> rowShifts, ReadOnlySpan<int> shifts, Span<int> result, int resultStride)
    {
        Vector256<int> low0 = default, low1 = default, low2 = default, low3 = default;
        Vector256<int> high0 = default, high1 = default, high2 = default, high3 = default;
        for (nint k = 0; k < pairCount; k++)
        {
            Vector256<short> first = Vector256.LoadUnsafe(ref weights, (nuint)k * 32);
            Vector256<short> second = Vector256.LoadUnsafe(ref weights, ((nuint)k * 32) + 16);
            Vector256<short> pair = Vector256.Create(Unsafe.Add(ref pairs, k)).AsInt16();
            Accumulate(first, pair, ref low0, ref high0);
            Accumulate(second, pair, ref low1, ref high1);
            pair = Vector256.Create(Unsafe.Add(ref pairs, k + pairStride)).AsInt16();
            Accumulate(first, pair, ref low2, ref high2);
            Accumulate(second, pair, ref low3, ref high3);
        }

        Store(low0, high0, rowShifts, shifts[0], result);
        Store(low1, high1, rowShifts[HalfPanel..], shifts[0], result[HalfPanel..]);
        Store(low2, high2, rowShifts, shifts[1], result[resultStride..]);
        Store(low3, high3, rowShifts[HalfPanel..], shifts[1], result[(resultStride + HalfPanel)..]);
    }

    private static void MultiplyOne(ref short weights, int pairCount, ref int pairs, ReadOnlySpan<int> rowShifts, int shift, Span<int> result)
    {
        Vector256<int> low0 = default, low1 = default;
        Vector256<int> high0 = default, high1 = default;
        for (nint k = 0; k < pairCount; k++)
        {
            Vector256<short> pair = Vector256.Create(Unsafe.Add(ref pairs, k)).AsInt16();
            Accumulate(Vector256.LoadUnsafe(ref weights, (nuint)k * 32), pair, ref low0, ref high0);
            Accumulate(Vector256.LoadUnsafe(ref weights, ((nuint)k * 32) + 16), pair, ref low1, ref high1);
        }

        Store(low0, high0, rowShifts, shift, result);
        Store(low1, high1, rowShifts[HalfPanel..], shift, result[HalfPanel..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(Vector256<short> column, Vector256<short> pair, ref Vector256<int> low, ref Vector256<int> high)
    {
        Vector256<int> sums = Avx2.MultiplyAddAdjacent(column, pair);
        low += sums;
        high += sums >> 16;
    }

    private static void Store(Vector256<int> low, Vector256<int> high, ReadOnlySpan<int> rowShifts, int shift, Span<int> result)
    {
        Vector256<uint> rest = (low - (high << 16)).AsUInt32();
        for (int row = 0; row < HalfPanel; row++)
        {
            long sum = ((long)high[row] << 16) + rest[row];
            result[row] = Arithmetic.FixedPoint.Rescale(sum, shift - rowShifts[row]);
        }
    }
}
