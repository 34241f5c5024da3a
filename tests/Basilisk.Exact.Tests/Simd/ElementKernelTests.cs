using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Simd;
using Basilisk.Exact.Tests.Judging;
using Xunit;

namespace Basilisk.Exact.Tests.Simd;

/// <summary>The vectorised element-wise steps against the plain definitions, on every length up to 40 and on extreme values.</summary>
public sealed class ElementKernelTests
{
    private static readonly int[] Edges = [0, 1, -1, int.MaxValue, -int.MaxValue, 1 << 20, -(1 << 20), (22 << 20) - 1, 22 << 20, 4_095, 4_096];

    public static TheoryData<IntegerKernels> Vectors => [IntegerKernels.Vector256, IntegerKernels.Vector512];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Gates_equal_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        var random = new SampleModels(21);
        ForLengths(length =>
        {
            int[] gate = Draw(random, length);
            int[] up = Draw(random, length);
            var expected = new long[length];
            var actual = new long[length];
            SwiGlu.Apply(gate, up, expected);
            set.Gate(gate, up, actual);
            Assert.Equal(expected, actual);
        });
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Softmax_weights_equal_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        var random = new SampleModels(22);
        ForLengths(length =>
        {
            int[] scores = Draw(random, length);
            int largest = scores.Max();
            var expected = new int[length];
            var actual = new int[length];
            Assert.Equal(Attention.Weigh(scores, largest, expected), set.Weigh(scores, largest, actual));
            Assert.Equal(expected, actual);
            Assert.Equal(CrossEntropy.SumExponentials(scores, largest), set.SumExponentials(scores, largest));
        });
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Equal_scores_over_the_longest_context_sum_as_in_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        var scores = new int[ShapeLimits.Context];
        Assert.Equal(1L << 31, Attention.Weigh(scores, 0, new int[scores.Length]));
        Assert.Equal(1L << 31, set.Weigh(scores, 0, new int[scores.Length]));
        Assert.Equal(1L << 46, set.SumExponentials(new int[ShapeLimits.Vocabulary], 0));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Norms_equal_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        var random = new SampleModels(23);
        ForLengths(length =>
        {
            int[] residual = Draw(random, length);
            int[] gain = Draw(random, length);
            var expected = new long[length];
            var actual = new long[length];
            foreach ((long inverse, int shift) in ((long, int)[])[(1L << 31, 44), (1L << 30, 31), (int.MaxValue, 36), (1_500_000_000, 33)])
            {
                RootMeanSquareNorm.Scale(residual, gain, inverse, shift, expected);
                set.Normalise(residual, gain, inverse, shift, actual);
                Assert.Equal(expected, actual);
            }

            int[] small = Array.ConvertAll(residual, x => x >> 7);
            Assert.Equal(RootMeanSquareNorm.SumSquares(small, 0), set.SumSquares(small, 0));
            Assert.Equal(RootMeanSquareNorm.SumSquares(residual, 7), set.SumSquares(residual, 7));
        });
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Quantised_tokens_equal_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        KernelSet plain = KernelSet.Create(IntegerKernels.Plain);
        var random = new SampleModels(24);
        ForLengths(length =>
        {
            // Products of two saturated numbers, of every size down to 0.
            int reduce = random.Below(64);
            long[] values = Draw(random, length).Zip(Draw(random, length), (a, b) => ((long)a * b) >> reduce).ToArray();
            var expected = new ActivationBlock(2, length);
            var actual = new ActivationBlock(2, length);
            plain.Quantise(values, 18, expected, 1);
            set.Quantise(values, 18, actual, 1);
            Assert.Equal(expected.Shifts, actual.Shifts);
            Assert.Equal(expected.High, actual.High);
            Assert.Equal(expected.Low, actual.Low);
        });
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Quantised_rows_equal_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        KernelSet plain = KernelSet.Create(IntegerKernels.Plain);
        var random = new SampleModels(27);
        ForLengths(Check);
        foreach (int length in (int[])[255, 256, 257, 264, 700])
        {
            Check(length);
        }

        void Check(int length)
        {
            // Master weights may be −2^31, of which no int32 holds the magnitude.
            int reduce = random.Below(32);
            int[] values = Array.ConvertAll(Draw(random, length), x => (random.Below(9) == 0 ? int.MinValue : x) >> reduce);
            Assert.Equal(BlockFloat.CombineMagnitudes(values), set.CombineMagnitudes(values));
            foreach (int bits in (int[])[2, 12, 16])
            {
                var expected = new PackedRows(18, length);
                var actual = new PackedRows(18, length);
                plain.Quantise(values, bits, expected, 17);
                set.Quantise(values, bits, actual, 17);
                Assert.Equal(expected.Shifts, actual.Shifts);
                Assert.Equal(expected.Values, actual.Values);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Scaled_queries_equal_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        var random = new SampleModels(28);
        ForLengths(length =>
        {
            int[] values = Draw(random, length);
            foreach (int scale in (int[])[int.MaxValue, 1 << 30, Attention.ScoreScale(2), Attention.ScoreScale(32), Attention.ScoreScale(8_192), 1])
            {
                var expected = new long[length];
                var actual = new long[length];
                Attention.Scale(values, scale, expected);
                set.Scale(values, scale, actual);
                Assert.Equal(expected, actual);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Quotients_equal_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        var random = new SampleModels(29);
        ForLengths(length =>
        {
            long divisor = random.Below(6) switch
            {
                0 => 1L << 31,
                1 => 1 + random.Below(9),
                2 => 1L << random.Below(32),
                3 => (1L << (1 + random.Below(31))) - 1,
                _ => Math.Max(1, (long)(random.Next() & uint.MaxValue) >> (1 + random.Below(31))),
            };
            long most = divisor * int.MaxValue;
            long[] sums = Array.ConvertAll(Draw(random, length), quotient =>
            {
                long near = (quotient * divisor) + (random.Below(3) * (divisor / 2)) + random.Below(3) - 1;
                return Math.Clamp(near, -most, most);
            });
            var expected = new int[length];
            var actual = new int[length];
            Attention.Divide(sums, divisor, expected);
            set.Divide(sums, divisor, actual);
            Assert.Equal(expected, actual);
        });
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Sums_maxima_and_rotations_equal_the_definition(IntegerKernels kernels)
    {
        KernelSet set = KernelTests.Create(kernels);
        var random = new SampleModels(26);
        ForLengths(length =>
        {
            int[] expected = Draw(random, length);
            int[] actual = [.. expected];
            int[] added = Draw(random, length);
            ForwardPass.Add(expected, added);
            set.Add(actual, added);
            Assert.Equal(expected, actual);
            Assert.Equal(added.Max(), set.Largest(added));

            int[] head = Draw(random, 2 * length);
            int[] cosines = Array.ConvertAll(Draw(random, length), x => x >> 1);
            int[] sines = Array.ConvertAll(Draw(random, length), x => x >> 1);
            var turned = new int[2 * length];
            var result = new int[2 * length];
            Attention.Rotate(head, cosines, sines, turned);
            set.Rotate(head, cosines, sines, result);
            Assert.Equal(turned, result);
        });
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Losses_equal_those_of_plain_loops_on_random_shapes(IntegerKernels kernels)
    {
        _ = KernelTests.Create(kernels);
        var random = new SampleModels(25);
        for (int round = 0; round < 12; round++)
        {
            int heads = 1 + random.Below(3);
            var shape = new ModelShape(
                Vocabulary: 2 + random.Below(90), Width: 2 * heads * (1 + random.Below(20)), Layers: 1 + random.Below(2), heads,
                FeedForward: 1 + random.Below(90), Context: 1 + random.Below(75), TiedHead: random.Below(2) == 0);
            int[] weights = random.Weights(shape, spread: Math.Pow(4, random.Below(6) - 2));
            TokenBatch batch = random.Batch(shape, sequences: 2, shape.Context);
            long[] expected = new IntegerLossEvaluator(1, IntegerKernels.Plain).Evaluate(shape, weights, batch, CancellationToken.None);
            Assert.Equal(expected, new IntegerLossEvaluator(1, kernels).Evaluate(shape, weights, batch, CancellationToken.None));
        }
    }

    private static void ForLengths(Action<int> check)
    {
        for (int length = 1; length <= 40; length++)
        {
            for (int round = 0; round < 8; round++)
            {
                check(length);
            }
        }
    }

    private static int[] Draw(SampleModels random, int length) =>
        Enumerable.Range(0, length).Select(_ => random.Below(4) == 0
            ? Edges[random.Below(Edges.Length)]
            : Math.Max(-int.MaxValue, (int)random.Next() >> random.Below(32))).ToArray();
}
