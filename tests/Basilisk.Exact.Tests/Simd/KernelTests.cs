using System.Numerics;
using Basilisk.Exact.Arithmetic;
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
            CheckProduct(set, (rows, columns, tokens), random, largest => random.Below((2 * largest) + 1) - largest);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_of_extreme_values_are_exact(IntegerKernels kernels)
    {
        KernelSet set = Create(kernels);
        var random = new SampleModels(12);
        CheckProduct(set, (16, 32_768, 9), random, largest => largest);
        CheckProduct(set, (16, 32_768, 9), random, largest => -largest);
        CheckProduct(set, (17, 8_191, 3), random, largest => (random.Next() & 1) == 0 ? largest : -largest);
        CheckProduct(set, (16, 254, 8), random, largest => largest == 32_767 ? largest : 256 << 9);
        CheckProduct(set, (16, 255, 8), random, largest => largest == 32_767 ? -largest : -256);
        CheckProduct(set, (5, 777, 2), random, _ => 0);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_stop_at_the_panels_asked_for(IntegerKernels kernels)
    {
        KernelSet set = Create(kernels);
        var rows = new PackedRows(40, 4);
        for (int r = 0; r < 40; r++)
        {
            rows.SetValues(r, 0, [1, 2, 3, 4], 32_767);
        }

        var result = new int[3 * 32];
        Array.Fill(result, 7);
        set.Multiply(rows, panels: 1, new ActivationBlock(3, 4), first: 0, count: 3, baseShift: 0, result, 32);
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
        var activations = new ActivationBlock(2, 8);
        Assert.Throws<InvalidOperationException>(() => set.Multiply(rows, 1, activations, 1, 2, 0, new int[32], 16));
        Assert.Throws<InvalidOperationException>(() => set.Multiply(rows, 1, activations, 0, 2, 0, new int[31], 16));
        Assert.Throws<InvalidOperationException>(() => set.Multiply(rows, 2, activations, 0, 2, 0, new int[64], 32));
        Assert.Throws<InvalidOperationException>(() => set.Multiply(rows, 1, new ActivationBlock(2, 6), 0, 2, 0, new int[32], 16));
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
    public void Planes_hold_every_18_bit_value()
    {
        var block = new ActivationBlock(1, 1);
        for (int value = -131_071; value <= 131_071; value++)
        {
            SetExactly(block, 0, [value]);
            Assert.Equal(value, block.Value(0, 0));
            Assert.InRange(block.High[0], -256, 256);
            Assert.InRange(block.Low[0], -256, 255);
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

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Products_that_only_some_tokens_must_raise_are_exact(IntegerKernels kernels)
    {
        // Shifts of 42 − 44 − 17 … 42: a tile of eight tokens mixes those that shift right with those that shift left.
        KernelSet set = Create(kernels);
        var random = new SampleModels(15);
        for (int round = 0; round < 40; round++)
        {
            int small = 1 + random.Below(200);
            CheckProduct(set, (1 + random.Below(40), 1 + random.Below(60), 16), random, _ => random.Below((2 * small) + 1) - small);
        }
    }

    /// <param name="draw">A value for a largest magnitude: 2^15 − 1 for rows, 2^17 − 1 for activations.</param>
    private static void CheckProduct(KernelSet set, (int Rows, int Columns, int Tokens) size, SampleModels random, Func<int, int> draw)
    {
        var rows = new PackedRows(size.Rows, size.Columns);
        var activations = new ActivationBlock(size.Tokens + 1, size.Columns);
        for (int r = 0; r < size.Rows; r++)
        {
            rows.SetValues(r, 0, Row(32_767), 32_767);
            rows.SetShift(r, random.Below(18));
        }

        for (int t = 0; t <= size.Tokens; t++)
        {
            SetExactly(activations, t, Row(131_071));
            activations.SetToken(t, random.Below(45));
        }

        const int BaseShift = 42;
        int stride = rows.Panels * PackedRows.PanelRows;
        var result = new int[size.Tokens * stride];
        set.Multiply(rows, rows.Panels, activations, first: 1, size.Tokens, BaseShift, result, stride);
        for (int t = 0; t < size.Tokens; t++)
        {
            for (int r = 0; r < size.Rows; r++)
            {
                long exact = 0;
                for (int c = 0; c < size.Columns; c++)
                {
                    exact += (long)rows.Value(r, c) * activations.Value(t + 1, c);
                }

                int shift = BaseShift - activations.Shifts[t + 1] - rows.Shifts[r];
                Assert.Equal(FixedPoint.Rescale(exact, shift), result[(t * stride) + r]);
            }
        }

        int[] Row(int largest) => Enumerable.Range(0, size.Columns).Select(_ => draw(largest)).ToArray();
    }

    private static void SetExactly(ActivationBlock block, int token, int[] values)
    {
        block.SetToken(token, 0);
        block.SetValues(token, 0, Array.ConvertAll(values, v => (long)v), 131_072);
    }
}
