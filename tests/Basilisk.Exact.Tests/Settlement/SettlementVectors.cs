using System.Text.Json;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Shapes;
using Basilisk.Testing;

namespace Basilisk.Exact.Tests.Settlement;

/// <summary>The golden vectors that tools/exact/settlement.py wrote from docs/numbers-settlement.md alone.</summary>
internal static class SettlementVectors
{
    public static JsonElement Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository(Path.Combine("settlement", file))));
        return document.RootElement.Clone();
    }

    public static Hash256 Hash(this JsonElement element, string name) => Hash256.Parse(element.GetProperty(name).GetString()!);

    public static int Int(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static byte[] Bytes(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static int[] Ints(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetInt32())];

    public static ModelShape Shape(int[] sizes, bool tied) => new(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], tied);

    /// <summary>The corpus of the vectors: uniform tokens below 64, a tenth of them holdout.</summary>
    public static TokenCorpus Corpus(Hash256 seed, int count)
    {
        var stream = new SeedStream(seed, "toy-corpus");
        var tokens = new ushort[count];
        for (int i = 0; i < count; i++)
        {
            tokens[i] = (ushort)stream.NextBelow(64);
        }

        return new TokenCorpus(64, tokens, 100);
    }
}
