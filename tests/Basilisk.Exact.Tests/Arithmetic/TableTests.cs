using Basilisk.Exact.Arithmetic;
using Xunit;

namespace Basilisk.Exact.Tests.Arithmetic;

/// <summary>The functions behind the tables against System.Math, with the errors that docs/numbers.md states.</summary>
public sealed class TableTests
{
    private const double One30 = 1 << 30;

    [Fact]
    public void Powers_of_two_are_within_6e_8_and_never_rise()
    {
        int before = int.MaxValue;
        for (uint x = 0; x < 33u << 22; x += 397)
        {
            int value = ExponentialTable.Negative(x, 30);
            double exact = Math.Pow(2, -(double)x / (1 << 22));
            Assert.True(Math.Abs((value / One30) - exact) <= (6e-8 * exact) + (0.51 / One30), $"2^-{x / 4194304.0}");
            Assert.True(value <= before, $"rises at {x}");
            before = value;
        }

        Assert.Equal(1 << 30, ExponentialTable.Negative(0, 30));
        Assert.Equal(1 << 18, ExponentialTable.Negative(0, 18));
        Assert.Equal(0, ExponentialTable.Negative(uint.MaxValue, 30));
        Assert.Equal(0, ExponentialTable.Negative(20u << 22, 18));
    }

    [Fact]
    public void Sigmoid_is_within_2e_7_never_falls_and_is_symmetric()
    {
        int before = 0;
        for (long x = -(23L << 20); x < 23L << 20; x += 331)
        {
            int value = SigmoidTable.Evaluate((int)x);
            double exact = 1 / (1 + Math.Exp(-x / (double)(1 << 20)));
            Assert.True(Math.Abs((value / One30) - exact) <= 2e-7, $"σ({x / 1048576.0})");
            Assert.True(value >= before, $"falls at {x}");
            Assert.Equal(1 << 30, value + SigmoidTable.Evaluate((int)-x));
            before = value;
        }

        Assert.Equal(0, SigmoidTable.Evaluate(-int.MaxValue));
        Assert.Equal(1 << 30, SigmoidTable.Evaluate(int.MaxValue));
    }

    [Fact]
    public void Logarithms_are_within_2e_8_and_rise()
    {
        long before = -1;
        for (double value = 1; value < Math.Pow(2, 62); value = (value * 1.00037) + 1)
        {
            long log = LogarithmTable.Log2((long)value);
            Assert.True(Math.Abs((log / One30) - Math.Log2(Math.Floor(value))) <= 2e-8, $"log2 {value}");
            Assert.True(log >= before);
            before = log;
        }

        Assert.Equal(46L << 30, LogarithmTable.Log2(1L << 46));
        Assert.Equal(0, LogarithmTable.Log2(1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(32)]
    [InlineData(96)]
    public void Rotations_match_cosine_and_sine(int headWidth)
    {
        var table = new RotaryTable(headWidth, 300);
        for (int position = 0; position < 300; position += 7)
        {
            for (int pair = 0; pair < headWidth / 2; pair++)
            {
                double angle = position * Math.Pow(10_000, -2.0 * pair / headWidth);
                Assert.Equal(Math.Cos(angle), table.Cosines(position)[pair] / One30, 1e-9);
                Assert.Equal(Math.Sin(angle), table.Sines(position)[pair] / One30, 1e-9);
            }
        }
    }
}
