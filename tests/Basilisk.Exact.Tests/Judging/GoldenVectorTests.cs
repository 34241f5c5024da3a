using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Simd;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Exact.Tests.Judging;

/// <summary>Losses and tables computed by tools/exact, a second implementation in Python, must come out bit for bit.</summary>
public sealed class GoldenVectorTests
{
    public static TheoryData<string, IntegerKernels> Cases
    {
        get
        {
            var data = new TheoryData<string, IntegerKernels>();
            foreach (JsonElement vector in Losses())
            {
                foreach (IntegerKernels kernels in (IntegerKernels[])[IntegerKernels.Plain, IntegerKernels.Vector256, IntegerKernels.Vector512])
                {
                    data.Add(vector.GetProperty("name").GetString()!, kernels);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_equal_the_second_implementation(string name, IntegerKernels kernels)
    {
        Assert.SkipUnless(KernelSet.IsSupported(kernels), $"This processor has no {kernels} instructions.");
        JsonElement vector = Losses().Single(v => v.GetProperty("name").GetString() == name);
        ModelShape shape = ReadShape(vector.GetProperty("shape"));
        int[] weights = MakeWeights(vector.GetProperty("weights").GetString()!, shape, vector.GetProperty("seed").GetUInt64());
        Assert.Equal(vector.GetProperty("weightsSha256").GetString(), Digest(weights));
        ushort[] tokens = vector.GetProperty("tokens").EnumerateArray().Select(t => t.GetUInt16()).ToArray();
        int length = vector.GetProperty("length").GetInt32();
        var batch = new TokenBatch(tokens.Length / (length + 1), length, tokens);
        long[] expected = vector.GetProperty("losses").EnumerateArray().Select(l => l.GetInt64()).ToArray();
        Assert.Equal(expected, new IntegerLossEvaluator(1, kernels).Evaluate(shape, weights, batch, CancellationToken.None));
    }

    [Theory]
    [InlineData("exponential")]
    [InlineData("sigmoid")]
    [InlineData("logarithm")]
    public void Tables_equal_the_second_implementation(string name)
    {
        ReadOnlySpan<int> values = name switch
        {
            "exponential" => ExponentialTable.Values,
            "sigmoid" => SigmoidTable.Values,
            _ => LogarithmTable.Values,
        };
        Assert.Equal(Tables().GetProperty(name).GetProperty("sha256").GetString(), Digest(values));
    }

    [Theory]
    [InlineData(2, 40)]
    [InlineData(6, 200)]
    [InlineData(32, 256)]
    [InlineData(64, 128)]
    public void Rotary_tables_equal_the_second_implementation(int headWidth, int positions)
    {
        JsonElement expected = Tables().GetProperty("rotary").GetProperty($"{headWidth}x{positions}");
        var table = new RotaryTable(headWidth, positions);
        Assert.Equal(expected.GetProperty("cosines").GetString(), Digest(Collect(table.Cosines)));
        Assert.Equal(expected.GetProperty("sines").GetString(), Digest(Collect(table.Sines)));
        Assert.Equal(expected.GetProperty("scoreScale").GetInt64(), Attention.ScoreScale(headWidth));
        int[] Collect(Func<int, ReadOnlySpan<int>> row) => Enumerable.Range(0, positions).SelectMany(p => row(p).ToArray()).ToArray();
    }

    internal static string Digest(ReadOnlySpan<int> values) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));

    private static JsonElement[] Losses() => Read("exact/losses.json").EnumerateArray().ToArray();

    private static JsonElement Tables() => Read("exact/tables.json");

    private static JsonElement Read(string path) =>
        JsonDocument.Parse(File.ReadAllBytes(VectorFiles.InRepository(path))).RootElement;

    private static ModelShape ReadShape(JsonElement shape)
    {
        int Number(string name) => shape.GetProperty(name).GetInt32();
        return new ModelShape(
            Number("vocabulary"), Number("width"), Number("layers"), Number("heads"), Number("feedForward"), Number("context"),
            shape.GetProperty("tied").GetBoolean());
    }

    /// <summary>The rules of tools/exact/vectors.py.</summary>
    private static int[] MakeWeights(string rule, ModelShape shape, ulong seed)
    {
        var random = new SampleModels(seed);
        var layout = new ParameterLayout(shape);
        var weights = new int[layout.Count];
        foreach (TensorSlot slot in layout.Tensors)
        {
            bool gain = slot.Name.EndsWith("norm.weight", StringComparison.Ordinal);
            for (int i = slot.Offset; i < slot.End; i++)
            {
                weights[i] = MakeWeight(rule, gain, random);
            }
        }

        return weights;
    }

    private static int MakeWeight(string rule, bool gain, SampleModels random) => rule switch
    {
        "maximum" => int.MaxValue,
        "minimum" => int.MinValue,
        "signs" => (random.Next() >> 63) != 0 ? int.MaxValue : -int.MaxValue,
        "zero" => 0,
        "wide" => (int)Uniform(random, 1L << 31) >> (int)(random.Next() >> 59),
        _ when gain => (1 << 24) + (int)Uniform(random, 1 << 22),
        _ => (int)Uniform(random, long.Parse(rule["uniform:".Length..], CultureInfo.InvariantCulture)),
    };

    private static long Uniform(SampleModels random, long amplitude) =>
        (long)(((UInt128)random.Next() * (ulong)(2 * amplitude)) >> 64) - amplitude;
}
