using Basilisk.Exact.Hashing;

namespace Basilisk.Simulation.Settlement;

/// <summary>Attacks that send chance, at sizes that a clip does not touch and at one that it does.</summary>
internal static class Noise
{
    public static IEnumerable<Attack> All()
    {
        yield return Random("noise", 1);
        yield return Random("noise-small", 0.05);
        yield return Random("noise-large", 10);
    }

    /// <summary>A random vector, [P]: the sum of four uniform draws per weight, nearly normal.</summary>
    public static float[] Dense(AttackRound round, string purpose, int index = 0)
    {
        SeedStream stream = round.Random(purpose, index);
        var vector = new float[round.Current.Weights.Length];
        for (int i = 0; i < vector.Length; i++)
        {
            ulong draw = stream.NextUInt64();
            int sum = (int)(draw & 0xFFFF) + (int)((draw >> 16) & 0xFFFF) + (int)((draw >> 32) & 0xFFFF) + (int)(draw >> 48);
            vector[i] = sum - (2 * ushort.MaxValue);
        }

        return vector;
    }

    private static Attack Random(string name, double size) =>
        new(name, AttackKind.Workless, round => round.Payload(Dense(round, name), size)) { Past = 0 };
}
