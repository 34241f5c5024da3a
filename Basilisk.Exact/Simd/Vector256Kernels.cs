using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Basilisk.Exact.Arithmetic;

namespace Basilisk.Exact.Simd;

/// <summary>Products by AVX2: as <see cref="Vector512Kernels"/>, with a panel in two vectors of eight rows.</summary>
internal class Vector256Kernels : PlainKernels
{
    /// <summary>Pairs of columns summed in int32: 127 · 2 products of at most 32,767 · 256 stay below 2^31.</summary>
    protected const int BlockPairs = 127;

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
