using System.Globalization;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Inference;

namespace Basilisk.Model.Benchmarks;

/// <summary>Tokens per second of one conversation on one thread: reading a prompt, and writing.</summary>
public static class DecodeBenchmark
{
    private const int Rounds = 9;

    /// <summary>At the dev network's size and at 4.95 M weights.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between tokens.</param>
    public static IReadOnlyList<Measurement> Run(TimeProvider time, CancellationToken cancellation) =>
    [
        .. Measure(BenchmarkModels.Dev, time, cancellation),
        .. Measure(BenchmarkModels.FiveMillion, time, cancellation),
    ];

    private static Measurement[] Measure(ModelShape shape, TimeProvider time, CancellationToken cancellation)
    {
        var weights = new InferenceWeights(shape, BenchmarkModels.Weights(shape));
        var decoder = new Decoder(weights);
        var sampler = new Sampler(new SamplingOptions { TopP = 0.95 }, shape.Vocabulary);
        ushort[] prompt = BenchmarkModels.Batch(shape, 1, shape.Context / 2, 1).Sequence(0)[1..].ToArray();
        var reading = new List<double>();
        var writing = new List<double>();
        for (int round = -2; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            decoder.Reset();
            double read = Stopwatches.Seconds(time, () => decoder.Read(prompt));
            double written = Stopwatches.Seconds(time, () =>
            {
                for (int i = 0; i < prompt.Length; i++)
                {
                    decoder.Read((ushort)sampler.Next(decoder.Logits));
                }
            });
            if (round >= 0)
            {
                reading.Add(prompt.Length / read);
                writing.Add(prompt.Length / written);
            }
        }

        string size = string.Create(CultureInfo.InvariantCulture, $"{shape.ParameterCount / 1e6:0.00} M weights, T={shape.Context}, 1 thread");
        return
        [
            new Measurement("decode", $"prompt, {size}", Stopwatches.Median(reading), "tokens/s"),
            new Measurement("decode", $"decode with top-p, {size}", Stopwatches.Median(writing), "tokens/s"),
        ];
    }
}
