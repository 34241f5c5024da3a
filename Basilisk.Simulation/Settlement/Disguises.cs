using System.Globalization;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;

namespace Basilisk.Simulation.Settlement;

/// <summary>Attacks with one participant's work, less of it, or work that harms.</summary>
internal static class Disguises
{
    public static IEnumerable<Attack> All()
    {
        yield return new Attack("honest-seventh", AttackKind.Control, round => [round.Work(Workers.Seventh)]) { Past = 0 };
        foreach (int names in new[] { 2, 4, 8 })
        {
            yield return OneWork(
                string.Create(CultureInfo.InvariantCulture, $"sybil-{names}-names"), round => Enumerable.Repeat(round.Work(Workers.Seventh), names));
        }

        foreach (int names in new[] { 4, 8 })
        {
            yield return OneWork(string.Create(CultureInfo.InvariantCulture, $"near-duplicates-{names}"), round => NearCopies(round, names, 0.5));
            yield return OneWork(string.Create(CultureInfo.InvariantCulture, $"noisy-duplicates-{names}"), round => NearCopies(round, names, 1));
        }

        yield return OneWork("drowned-duplicates-8", round => NearCopies(round, 8, 2));
        yield return OneWork("slices-4", round => Enumerable.Range(0, 4).SelectMany(slice => Slice(round, slice, 4)));
        yield return OneWork("two-halves", round => [round.Work(Workers.FirstHalf), round.Work(Workers.SecondHalf)]);
        yield return OneWork("two-halves-and-average", round =>
            [round.Work(Workers.FirstHalf), round.Work(Workers.SecondHalf), .. Average(round, [round.Work(Workers.FirstHalf), round.Work(Workers.SecondHalf)])]);
        yield return OneWork("scaled-3", round => [round.Work(Workers.Seventh).Scale(3, 1)]);
        yield return OneWork("scaled-10", round => [round.Work(Workers.Seventh).Scale(10, 1)]);
        yield return new Attack("two-halves-made-larger", AttackKind.Scaled, round =>
            round.Payload(Dense(round, [round.Work(Workers.FirstHalf)])).Concat(round.Payload(Dense(round, [round.Work(Workers.SecondHalf)])))) { Past = 0 };
        foreach (string lazy in new[] { Workers.LazyHalf, Workers.LazyQuarter, Workers.LazyEighth })
        {
            yield return new Attack($"{lazy}-made-larger", AttackKind.Scaled, round => round.Payload(Dense(round, [round.Work(lazy)]))) { Past = 0 };
        }

        yield return LessWork("lazy-half", round => [round.Work(Workers.LazyHalf)]);
        yield return LessWork("lazy-quarter", round => [round.Work(Workers.LazyQuarter)]);
        yield return LessWork("lazy-eighth", round => [round.Work(Workers.LazyEighth)]);
        yield return LessWork("lazy-eighth-and-last-update", round => round.Payload(PublicCopies.Sum(
            (PublicCopies.Unit(Dense(round, [round.Work(Workers.LazyEighth)])), 1), (PublicCopies.Unit(round.Update(0, 1)), 1)))) with { Past = 1 };
        yield return new Attack("poisoner", AttackKind.Harm, round => [round.Work(Workers.Poisoner)]) { Past = 0 };
        yield return new Attack("backdoor", AttackKind.Harm, round => [round.Work(Workers.Backdoor)]) { Past = 0 };
        yield return new Attack("dwarf-in-a-round-of-two", AttackKind.Harm, round => [new SparseDelta(round.Current.Weights.Length, [0], [1])]) { Past = 0, Beside = 1 };
        yield return new Attack("after-empty-honest-seventh", AttackKind.Control, round => [round.Work(Workers.Seventh)]) { AfterEmpty = 1 };
        yield return new Attack("after-empty-honest-seventh-a-round-late", AttackKind.Control, round => [round.Work(Workers.Seventh)]) { AfterEmpty = 2 };
        yield return new Attack("after-2-empty-honest-seventh", AttackKind.Control, round => [round.Work(Workers.Seventh)]) { AfterEmpty = 2, Emptied = 2 };
    }

    private static Attack OneWork(string name, Func<AttackRound, IEnumerable<SparseDelta>> send) => new(name, AttackKind.OneWork, send) { Past = 0 };

    private static Attack LessWork(string name, Func<AttackRound, IEnumerable<SparseDelta>> send) => new(name, AttackKind.LessWork, send) { Past = 0 };

    private static IEnumerable<SparseDelta> NearCopies(AttackRound round, int names, double noise) =>
        Enumerable.Range(0, names).SelectMany(index => NearCopy(round, index, noise));

    /// <summary>The work with noise on the weights it changes, of this share of its length.</summary>
    private static IEnumerable<SparseDelta> NearCopy(AttackRound round, int index, double noise)
    {
        SparseDelta work = round.Work(Workers.Seventh);
        SeedStream stream = round.Random("near-duplicate", index);
        double deviation = noise * work.Norm / Math.Sqrt(work.Count) / MasterWeights.One;
        float[] copy = Dense(round, [work]);
        foreach (int place in work.Indices)
        {
            double uniform = (stream.NextUInt64() >> 11) * (1.0 / (1UL << 53));
            copy[place] += (float)(((2 * uniform) - 1) * Math.Sqrt(3) * deviation);
        }

        return round.Payload(copy);
    }

    /// <summary>Every nth weight of the work, made as long as a whole one.</summary>
    private static IEnumerable<SparseDelta> Slice(AttackRound round, int first, int slices)
    {
        float[] work = Dense(round, [round.Work(Workers.Seventh)]);
        return round.Payload([.. work.Select((value, place) => place % slices == first ? value : 0)]);
    }

    /// <summary>The plain average of two halves, as long as it is.</summary>
    private static IEnumerable<SparseDelta> Average(AttackRound round, SparseDelta[] halves)
    {
        float[] average = [.. Dense(round, halves).Select(value => value / halves.Length)];
        double length = Math.Sqrt(average.Sum(value => (double)value * value));
        return round.Payload(average, length * MasterWeights.One / round.MedianNorm());
    }

    /// <summary>The sum of deltas, in weights.</summary>
    private static float[] Dense(AttackRound round, IEnumerable<SparseDelta> deltas)
    {
        var sum = new float[round.Current.Weights.Length];
        foreach (SparseDelta delta in deltas)
        {
            for (int i = 0; i < delta.Count; i++)
            {
                sum[delta.Indices[i]] += (float)((double)delta.Values[i] / MasterWeights.One);
            }
        }

        return sum;
    }
}
