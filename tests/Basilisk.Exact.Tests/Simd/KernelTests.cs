using System.Numerics;
using Basilisk.Exact.Simd;
using Basilisk.Exact.Tests.Judging;
using Xunit;

namespace Basilisk.Exact.Tests.Simd;

/// <summary>Every kernel against sums in big integers, on odd sizes and extreme values.</summary>
public sealed class KernelTests
{
    public static TheoryData<IntegerKernels> Kernels => [IntegerKernels.Plain, IntegerKernels.Vector256, IntegerKernels.Vector512];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_are_exact_on_random_shapes(IntegerKernels kernels)
    {
        KernelSet set = Create(kernels);
        var random = new SampleModels(11);
        for (int round = 0; round < 60; round++)
        {
            int rows = 1 + random.Below(50);
            int columns = 1 + random.Below(130);
            int tokens = 1 + random.Below(21);
            CheckProduct(set, rows, columns, tokens, random, () => (short)(random.Below(65_535) - 32_767));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_of_extreme_values_are_exact(IntegerKernels kernels)
    {
        KernelSet set = Create(kernels);
        var random = new SampleModels(12);
        CheckProduct(set, 16, 32_768, 9, random, () => short.MaxValue);
        CheckProduct(set, 16, 32_768, 9, random, () => -short.MaxValue);
        CheckProduct(set, 17, 8_191, 3, random, () => (random.Next() & 1) == 0 ? short.MaxValue : (short)-short.MaxValue);
        CheckProduct(set, 5, 777, 2, random, () => 0);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_stop_at_the_panels_asked_for(IntegerKernels kernels)
    {
        KernelSet set = Create(kernels);
        var rows = new PackedRows(40, 4);
        for (int r = 0; r < 40; r++)
        {
            rows.SetRow(r, [1, 2, 3, 4], 0);
        }

        var result = new int[3 * 32];
        Array.Fill(result, 7);
        set.Multiply(rows, 1, new short[3 * 4], 4, new int[3], result, 32);
        for (int i = 0; i < result.Length; i++)
        {
            Assert.Equal(i % 32 < 16 ? 0 : 7, result[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Operands_that_do_not_fit_are_refused(IntegerKernels kernels)
    {
        KernelSet set = Create(kernels);
        var rows = new PackedRows(16, 8);
        Assert.ThrowsAny<Exception>(() => set.Multiply(rows, 1, new short[15], 8, new int[2], new int[32], 16));
        Assert.ThrowsAny<Exception>(() => set.Multiply(rows, 1, new short[16], 8, new int[2], new int[31], 16));
        Assert.ThrowsAny<Exception>(() => set.Multiply(rows, 2, new short[16], 8, new int[2], new int[64], 32));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Weighted_sums_are_exact(IntegerKernels kernels)
    {
        KernelSet set = Create(kernels);
        var random = new SampleModels(13);
        foreach ((int count, int channels, int stride) in ((int, int, int)[])[(1, 2, 2), (5, 32, 48), (40, 33, 64), (7, 96, 100), (8_192, 34, 34)])
        {
            bool extreme = count > 1_000;
            int[] weights = Enumerable.Range(0, count).Select(_ => extreme ? 1 << 18 : random.Below((1 << 18) + 1)).ToArray();
            int[] values = Enumerable.Range(0, count * stride).Select(_ => extreme ? -int.MaxValue : (int)random.Next()).ToArray();
            var sums = new long[channels];
            set.WeightedSum(weights, values, stride, sums);
            for (int c = 0; c < channels; c++)
            {
                BigInteger exact = 0;
                for (int s = 0; s < count; s++)
                {
                    exact += (BigInteger)weights[s] * values[(s * stride) + c];
                }

                Assert.Equal((long)exact, sums[c]);
            }
        }
    }

    [Fact]
    public void Missing_instructions_are_refused_with_the_next_step()
    {
        foreach (IntegerKernels kernels in Enum.GetValues<IntegerKernels>().Where(k => !KernelSet.IsSupported(k)))
        {
            var refused = Assert.Throws<PlatformNotSupportedException>(() => KernelSet.Create(kernels));
            Assert.Contains(nameof(IntegerKernels.Auto), refused.Message, StringComparison.Ordinal);
        }

        Assert.NotNull(KernelSet.Create(IntegerKernels.Auto));
    }

    internal static KernelSet Create(IntegerKernels kernels)
    {
        Assert.SkipUnless(KernelSet.IsSupported(kernels), $"This processor has no {kernels} instructions.");
        return KernelSet.Create(kernels);
    }

    private static void CheckProduct(KernelSet set, int rowCount, int columns, int tokens, SampleModels random, Func<short> draw)
    {
        int stride = (columns + 1) / 2 * 2;
        var rows = new PackedRows(rowCount, columns);
        var row = new short[columns];
        for (int r = 0; r < rowCount; r++)
        {
            Array.Fill(row, (short)0);
            Fill(row, draw);
            rows.SetRow(r, row, random.Below(18));
        }

        var activations = new short[tokens * stride];
        for (int t = 0; t < tokens; t++)
        {
            Fill(activations.AsSpan(t * stride, columns), draw);
        }

        int[] shifts = Enumerable.Range(0, tokens).Select(_ => random.Below(48) - 4).ToArray();
        int resultStride = rows.Panels * PackedRows.PanelRows;
        var result = new int[tokens * resultStride];
        set.Multiply(rows, rows.Panels, activations, stride, shifts, result, resultStride);
        for (int t = 0; t < tokens; t++)
        {
            for (int r = 0; r < rowCount; r++)
            {
                long exact = 0;
                for (int c = 0; c < columns; c++)
                {
                    exact += (long)rows.Value(r, c) * activations[(t * stride) + c];
                }

                Assert.Equal(Basilisk.Exact.Arithmetic.FixedPoint.Rescale(exact, shifts[t] - rows.Shifts[r]), result[(t * resultStride) + r]);
            }
        }
    }

    private static void Fill(Span<short> values, Func<short> draw)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = draw();
        }
    }
}
