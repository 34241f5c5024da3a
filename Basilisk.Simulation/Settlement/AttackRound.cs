using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Compression;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Settlement;

/// <summary>What an attacker has when a round's train phase ends: everything public, his own work, and chance.</summary>
internal sealed class AttackRound(SmallNetwork network, HonestTrajectory trajectory, int round)
{
    /// <summary>A delta that is longer than the round's median is clipped to it; a guess of it is sent a little larger.</summary>
    private const double Oversize = 1.25;

    public int Number { get; } = round;

    /// <summary>C_r.</summary>
    public Checkpoint Current => trajectory.Rounds[Number].Current;

    /// <summary>C_{r − age}.</summary>
    public Checkpoint Checkpoint(int age) => trajectory.Rounds[Number - age].Current;

    /// <summary>Round r − age.</summary>
    public HonestRound Past(int age) => trajectory.Rounds[Number - age];

    /// <summary>A worker's delta of this round.</summary>
    public SparseDelta Work(string worker) => trajectory.Rounds[Number].Work[worker];

    /// <summary>Numbers of this run, round and purpose.</summary>
    public SeedStream Random(string purpose, int index = 0) =>
        new(RunSeed.Of(trajectory.Seed, purpose, Number), "attack", (ulong)index);

    /// <summary>C_{r−newer} − C_{r−older}, in weights.</summary>
    public float[] Update(int newer, int older)
    {
        ReadOnlySpan<int> to = Checkpoint(newer).Weights.Span;
        ReadOnlySpan<int> from = Checkpoint(older).Weights.Span;
        var update = new float[to.Length];
        for (int i = 0; i < update.Length; i++)
        {
            update[i] = (float)(((double)to[i] - from[i]) / MasterWeights.One);
        }

        return update;
    }

    /// <summary>Σ of deltas of one length each, so that none drowns another.</summary>
    public float[] Blend(IEnumerable<SparseDelta> deltas)
    {
        var sum = new float[Current.Weights.Length];
        foreach (SparseDelta delta in deltas)
        {
            for (int i = 0; i < delta.Count; i++)
            {
                sum[delta.Indices[i]] += (float)((double)delta.Values[i] / delta.Norm);
            }
        }

        return sum;
    }

    /// <summary>A payload that points in a direction, as long as an honest one; none where the direction is zero.</summary>
    public IEnumerable<SparseDelta> Payload(float[] direction, double size = Oversize)
    {
        double length = Math.Sqrt(direction.Sum(value => (double)value * value));
        if (length == 0)
        {
            yield break;
        }

        double wanted = MedianNorm() / MasterWeights.One;
        SparseDelta first = Compress(direction, wanted / length);
        SparseDelta second = Compress(direction, size * wanted / length * wanted * MasterWeights.One / first.Norm);
        if (second.Count > 0)
        {
            yield return network.ThroughPayload(second);
        }
    }

    /// <summary>An honest norm: the median of the payloads of the round before, or of this one where it is the first.</summary>
    public double MedianNorm() => trajectory.Rounds[Math.Max(0, Number - 1)].Payloads.Select(delta => (double)delta.Norm).Order().ElementAt(trajectory.Rounds[0].Payloads.Count / 2);

    private SparseDelta Compress(float[] direction, double scale) =>
        new DeltaCompressor(direction.Length, network.Payload, decay: 0).Compress([.. direction.Select(value => (float)(value * scale))]);
}
