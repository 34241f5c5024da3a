using Basilisk.Compute.Threading;
using Basilisk.Model.Gemm;
using Xunit;

namespace Basilisk.Model.Tests.Gemm;

public sealed unsafe class MatrixProductTests
{
    public static TheoryData<string> Engines => [.. GemmEngines.Supported.Select(engine => engine.Name)];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Products_of_all_shapes_and_transpositions_match_plain_loops(string name)
    {
        GemmEngine engine = GemmEngines.Supported.Single(candidate => candidate.Name == name);
        using var team = new WorkerTeam(3);
        GemmWorkspace[] workspaces = [new(), new(), new()];
        var random = new Random(11);
        int[] edges = [1, 2, 3, 5, 11, 12, 13, 31, 32, 33, 64, 65, 191, 192, 193, 255, 256, 257, 300];
        for (int trial = 0; trial < 60; trial++)
        {
            int rows = edges[random.Next(edges.Length)];
            int columns = edges[random.Next(edges.Length)];
            int depth = edges[random.Next(edges.Length)];
            Operand a = Operand.Random(random, rows, depth, transposed: random.Next(2) == 0);
            Operand b = Operand.Random(random, depth, columns, transposed: random.Next(2) == 0);
            Operand c = Operand.Random(random, rows, columns, transposed: false);
            bool accumulate = random.Next(2) == 0;
            double[] expected = Expected(a, b, c, accumulate);
            if (random.Next(2) == 0)
            {
                engine.Multiply(a.View, b.View, c.View, accumulate, workspaces[0]);
            }
            else
            {
                engine.Multiply(a.View, b.View, c.View, accumulate, team, workspaces);
            }

            GC.KeepAlive(a);
            GC.KeepAlive(b);
            AssertEqual(expected, c, $"{rows}×{depth}·{depth}×{columns}, accumulate {accumulate}");
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_product_uses_the_leading_part_of_a_larger_packed_matrix(string name)
    {
        GemmEngine engine = GemmEngines.Supported.Single(candidate => candidate.Name == name);
        var random = new Random(12);
        Operand b = Operand.Random(random, 300, 100, transposed: true);
        Operand a = Operand.Random(random, 30, 270, transposed: false);
        Operand c = Operand.Random(random, 30, 70, transposed: false);
        var memory = new FloatBuffer(engine.PackedLength(300, 100));
        PackedMatrix packed = engine.Pack(b.View, memory.Pointer);
        engine.Multiply(a.View, packed, c.View, accumulate: false, new GemmWorkspace());
        GC.KeepAlive(memory);
        AssertEqual(Expected(a, b, c, accumulate: false), c, "leading part");
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        var buffer = new FloatBuffer(100);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => GemmEngines.Fastest.Multiply(
            new Matrix(buffer.Pointer, 2, 4), new Matrix(buffer.Pointer, 3, 5), new Matrix(buffer.Pointer, 2, 5), false, new GemmWorkspace()));
        Assert.Contains("[2, 4] · [3, 5]", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_times_nothing_is_zero()
    {
        var buffer = new FloatBuffer(6);
        buffer.Span.Fill(7);
        var result = new Matrix(buffer.Pointer, 2, 3);
        GemmEngines.Fastest.Multiply(new Matrix(buffer.Pointer, 2, 0), new Matrix(buffer.Pointer, 0, 3), result, false, new GemmWorkspace());
        Assert.All(buffer.Span.ToArray(), value => Assert.Equal(0f, value));
    }

    private static double[] Expected(Operand a, Operand b, Operand c, bool accumulate)
    {
        int rows = c.View.Rows;
        int columns = c.View.Columns;
        var expected = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            Span<double> row = expected.AsSpan(i * columns, columns);
            for (int j = 0; j < columns && accumulate; j++)
            {
                row[j] = c[i, j];
            }

            for (int k = 0; k < a.View.Columns; k++)
            {
                double factor = a[i, k];
                for (int j = 0; j < columns; j++)
                {
                    row[j] += factor * b[k, j];
                }
            }
        }

        return expected;
    }

    private static void AssertEqual(double[] expected, Operand actual, string what)
    {
        int columns = actual.View.Columns;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i / columns, i % columns]);
            Assert.True(error <= 2e-5, $"{what}: ({i / columns}, {i % columns}) is {actual[i / columns, i % columns]}, not {expected[i]}");
        }

        Assert.True(actual.MarginIsUntouched, $"{what}: wrote beyond its columns");
    }

    /// <summary>A matrix with a margin right of each stored row, filled with a mark.</summary>
    private sealed class Operand
    {
        private const float Mark = 12345f;
        private const int Margin = 5;
        private readonly FloatBuffer _buffer;
        private readonly int _storedRows;
        private readonly int _storedColumns;

        private Operand(int rows, int columns, bool transposed)
        {
            (_storedRows, _storedColumns) = transposed ? (columns, rows) : (rows, columns);
            _buffer = new FloatBuffer((long)_storedRows * (_storedColumns + Margin));
            _buffer.Span.Fill(Mark);
            var stored = new Matrix(_buffer.Pointer, _storedRows, _storedColumns, _storedColumns + Margin);
            View = transposed ? stored.Transposed : stored;
        }

        public Matrix View { get; }

        public bool MarginIsUntouched
        {
            get
            {
                for (int row = 0; row < _storedRows; row++)
                {
                    if (_buffer.Span.Slice((row * (_storedColumns + Margin)) + _storedColumns, Margin).IndexOfAnyExcept(Mark) >= 0)
                    {
                        return false;
                    }
                }

                return true;
            }
        }

        public float this[int i, int j] => View.IsTransposed ? View.Data[(j * View.Stride) + i] : View.Data[(i * View.Stride) + j];

        public static Operand Random(Random random, int rows, int columns, bool transposed)
        {
            var operand = new Operand(rows, columns, transposed);
            for (int row = 0; row < operand._storedRows; row++)
            {
                for (int column = 0; column < operand._storedColumns; column++)
                {
                    operand.View.Data[(row * operand.View.Stride) + column] = (float)((random.NextDouble() * 2) - 1);
                }
            }

            return operand;
        }
    }
}
