using Basilisk.Exact.Hashing;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Tests.Payloads;

internal static class PayloadSamples
{
    /// <summary>A delta that the limits can carry: some chunks full, some empty, at least one entry.</summary>
    public static SparseDelta Random(SeedStream stream, int weights, PayloadLimits limits)
    {
        var entries = new SortedDictionary<int, int>();
        for (int first = 0; first < weights; first += PayloadCodec.ChunkWeights)
        {
            int inChunk = Math.Min(PayloadCodec.ChunkWeights, weights - first);
            ulong most = (ulong)Math.Min(inChunk, limits.EntriesPerChunk);
            ulong wanted = stream.NextBelow(3) == 0 ? most : stream.NextBelow(most + 1);
            Fill(entries, stream, first, inChunk, (int)wanted, limits);
        }

        if (entries.Count == 0)
        {
            entries.Add((int)stream.NextBelow((ulong)weights), 1);
        }

        return new SparseDelta(weights, [.. entries.Keys], [.. entries.Values]);
    }

    private static void Fill(SortedDictionary<int, int> entries, SeedStream stream, int first, int inChunk, int wanted, PayloadLimits limits)
    {
        int scale = (int)stream.NextBelow(24);
        int[] order = [.. Enumerable.Range(0, inChunk)];
        for (int i = 0; i < wanted; i++)
        {
            int other = i + (int)stream.NextBelow((ulong)(inChunk - i));
            (order[i], order[other]) = (order[other], order[i]);
            int level = 1 + (int)stream.NextBelow((ulong)limits.MaxLevel);
            level = i == 0 ? 1 : level; // one odd level keeps the scale inside 0 to 23
            entries.Add(first + order[i], (stream.NextBelow(2) == 0 ? level : -level) << scale);
        }
    }
}
