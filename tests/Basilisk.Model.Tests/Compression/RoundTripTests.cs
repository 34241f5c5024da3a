using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Compression;
using Basilisk.Model.Inference;
using Basilisk.Model.Training;
using Xunit;

namespace Basilisk.Model.Tests.Compression;

public sealed class RoundTripTests
{
    private static readonly ModelShape Shape = ModelShape.FromDepth(2, 64, 32);

    [Fact]
    public void Rounds_of_training_and_compressed_payloads_improve_the_model_in_the_integer_judges_eyes()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var limits = new PayloadLimits(512, 4);
        int[] consensus = CheckpointInitialiser.Create(Shape, new Hash256(new byte[32])).Weights.ToArray();
        using var trainer = new Trainer(Shape, new TrainerOptions { WarmupSteps = 5 }, threads: 2);
        trainer.LoadWeights(consensus);
        var compressor = new DeltaCompressor(consensus.Length, limits);
        var judge = new IntegerLossEvaluator(threads: 2);
        TokenBatch unseen = Sequences(seed: 1000, count: 16);
        double before = Nats(judge.Evaluate(Shape, consensus, unseen, cancellation), unseen);

        for (int round = 0; round < 3; round++)
        {
            for (int step = 0; step < 25; step++)
            {
                trainer.Step(Sequences(seed: (round * 100) + step, count: 8));
            }

            float[] committed = trainer.Snapshot();
            var progress = new float[consensus.Length];
            trainer.DeltaFrom(MasterWeightConversion.ToFloat(consensus), progress);
            byte[] payload = PayloadCodec.Encode(compressor.Compress(progress), limits);
            Assert.True(PayloadCodec.TryDecode(payload, consensus.Length, limits, out SparseDelta? received, out _));
            for (int entry = 0; entry < received.Count; entry++)
            {
                consensus[received.Indices[entry]] += received.Values[entry];
            }

            trainer.Rebase(MasterWeightConversion.ToFloat(consensus), committed);
        }

        double after = Nats(judge.Evaluate(Shape, consensus, unseen, cancellation), unseen);
        Assert.InRange(before, 4.0, 4.4);
        Assert.True(after < before - 1.0, $"from {before} to {after} nats");
        double fast = FloatLoss.Evaluate(Shape, consensus, unseen, threads: 2, cancellation).Sum() / unseen.TargetCount;
        Assert.Equal(fast, after, 1e-3);
    }

    private static double Nats(long[] losses, TokenBatch batch) => losses.Sum() / (double)(1L << LossFormat.FractionBits) / batch.TargetCount;

    /// <summary>Arithmetic progressions modulo 64 with a step of 1, 2 or 3: quick to learn, never the same.</summary>
    private static TokenBatch Sequences(int seed, int count)
    {
        var random = new Random(seed);
        var tokens = new ushort[count * 33];
        for (int sequence = 0; sequence < count; sequence++)
        {
            int start = random.Next(64);
            int stride = 1 + random.Next(3);
            for (int i = 0; i < 33; i++)
            {
                tokens[(sequence * 33) + i] = (ushort)((start + (i * stride)) % 64);
            }
        }

        return new TokenBatch(count, 32, tokens);
    }
}
