using System.Globalization;
using Basilisk.Exact.Payloads;

namespace Basilisk.Simulation.Settlement;

/// <summary>Attacks that send what everybody has: updates, checkpoints and payloads of earlier rounds, alone and blended.</summary>
internal static class PublicCopies
{
    private static readonly int[] Ages = [2, 3, 4, 6, 8];

    public static IEnumerable<Attack> All()
    {
        yield return Copy("last-update", 1, round => round.Payload(round.Update(0, 1)));
        yield return Copy("last-update-4-names", 1, round => Enumerable.Repeat(round.Payload(round.Update(0, 1)), 4).SelectMany(one => one));
        yield return Copy("last-update-small", 1, round => round.Payload(round.Update(0, 1), 0.05));
        yield return Copy("last-update-and-noise", 1, round => round.Payload(Sum((Unit(round.Update(0, 1)), 1), (Unit(Noise.Dense(round, "noisy-update")), 0.5f))));
        yield return Copy("update-2-rounds-old", 2, round => round.Payload(round.Update(1, 2)));
        yield return Copy("drift-of-4-rounds", 4, round => round.Payload(round.Update(0, 4)));
        yield return Copy("drift-from-genesis", 2, round => round.Payload(round.Update(0, round.Number)));
        yield return Copy("undo-last-update", 1, round => round.Payload(round.Update(1, 0)));
        yield return Copy("grow-weights", 1, round => round.Payload(Weights(round, 1)));
        yield return Copy("shrink-weights", 1, round => round.Payload(Weights(round, -1)));
        yield return Copy("decayed-updates", 2, round => round.Payload(DecayedUpdates(round)));
        yield return Copy("checkpoint-average-4", 3, round => round.Payload(AverageLessCurrent(round, 4)));
        yield return Copy("checkpoint-average-8", 7, round => round.Payload(AverageLessCurrent(round, 8)));
        yield return Copy("previous-best-payload", 1, round => [round.Past(1).BestPayload]);
        yield return Copy("averager", 1, round => round.Payload(round.Blend(round.Past(1).Payloads)));
        yield return Copy("blend-of-2-previous-payloads", 1, round => round.Payload(round.Blend(round.Past(1).Payloads.Take(2))));
        yield return Copy("updates-and-payloads", 2, round => round.Payload(
            Sum((Unit(DecayedUpdates(round)), 1), (Unit(round.Blend(round.Past(1).Payloads)), 2))));
        foreach (int age in Ages)
        {
            string old = string.Create(CultureInfo.InvariantCulture, $"payload-{age}-rounds-old");
            yield return Copy(old, age, round => [round.Past(age).BestPayload]);
            yield return Copy($"{old}-blend", age, round => round.Payload(round.Blend(round.Past(age).Payloads)));
        }

        yield return Copy("payloads-2-to-8-rounds-old-blend", 3, round => round.Payload(
            round.Blend(Enumerable.Range(2, Math.Min(7, round.Number - 1)).SelectMany(age => round.Past(age).Payloads))));
        foreach (int parts in new[] { 2, 3, 6 })
        {
            yield return new Attack(
                string.Create(CultureInfo.InvariantCulture, $"after-empty-blend-of-{parts}"), AttackKind.Workless, round => round.Payload(round.Blend(round.Past(1).Payloads.Take(parts)))) { AfterEmpty = 1 };
        }

        yield return Late("after-empty-blend-a-round-late", 2, round => round.Payload(round.Blend(round.Past(2).Payloads)));
        yield return Late("after-empty-blend-2-rounds-late", 3, round => round.Payload(round.Blend(round.Past(3).Payloads)));
        yield return Late("after-empty-payload-a-round-late", 2, round => [round.Past(2).BestPayload]);
        yield return Late("after-empty-half-blend-a-round-late", 2, round => round.Payload(round.Blend(round.Past(2).Payloads.Take(3))));
        yield return After("after-2-empty-blend-of-the-older", 2, round => round.Payload(round.Blend(round.Past(2).Payloads)));
        yield return After("after-2-empty-blend-of-both", 2, round => round.Payload(round.Blend([.. round.Past(1).Payloads, .. round.Past(2).Payloads])));
        yield return After("after-2-empty-payload-of-the-older", 2, round => [round.Past(2).BestPayload]);
        yield return After("after-3-empty-blend-of-the-oldest", 3, round => round.Payload(round.Blend(round.Past(3).Payloads)));
        yield return new Attack("after-empty-last-update", AttackKind.Workless, round => round.Payload(round.Update(1, 2))) { AfterEmpty = 1, Past = 2 };
    }

    private static Attack Copy(string name, int past, Func<AttackRound, IEnumerable<SparseDelta>> send) =>
        new(name, AttackKind.Workless, send) { Past = past };

    private static Attack After(string name, int emptied, Func<AttackRound, IEnumerable<SparseDelta>> send) =>
        new(name, AttackKind.Workless, send) { AfterEmpty = emptied, Emptied = emptied, Past = emptied };

    private static Attack Late(string name, int age, Func<AttackRound, IEnumerable<SparseDelta>> send) =>
        new(name, AttackKind.Workless, send) { AfterEmpty = age, Past = age };

    private static float[] Weights(AttackRound round, int sign)
    {
        int[] weights = round.Current.Weights.ToArray();
        return [.. weights.Select(weight => sign * (float)weight)];
    }

    /// <summary>Σ_{j&lt;6} 0.8^j (C_{r−j} − C_{r−j−1}).</summary>
    private static float[] DecayedUpdates(AttackRound round) =>
        Sum([.. Enumerable.Range(0, Math.Min(6, round.Number)).Select(age => (round.Update(age, age + 1), MathF.Pow(0.8f, age)))]);

    /// <summary>Mean of the last checkpoints, the current one among them, less the current one.</summary>
    private static float[] AverageLessCurrent(AttackRound round, int count) =>
        Sum([.. Enumerable.Range(1, count - 1).Select(age => (round.Update(age, 0), 1f / count))]);

    internal static float[] Unit(float[] vector)
    {
        double length = Math.Sqrt(vector.Sum(value => (double)value * value));
        return length == 0 ? vector : [.. vector.Select(value => (float)(value / length))];
    }

    internal static float[] Sum(params IReadOnlyList<(float[] Vector, float Factor)> parts)
    {
        var sum = new float[parts[0].Vector.Length];
        foreach ((float[] vector, float factor) in parts)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += factor * vector[i];
            }
        }

        return sum;
    }
}
