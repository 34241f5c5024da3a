using System.Numerics;
using Basilisk.Exact.Payloads;

namespace Basilisk.Model.Compression;

/// <summary>
/// Picks a chunk's largest entries and the power-of-two scale that represents them best. All arithmetic is in master units
/// (Q8.24) and fp64, ties go to the lower index, so equal inputs give equal payloads.
/// </summary>
internal sealed class ChunkQuantiser(PayloadLimits limits)
{
    // Payloads state scales up to 2^23 (see ChunkBlock in Basilisk.Exact), and state the power of two that all levels of a chunk share
    // as part of the scale: where every level is the largest, that is all of it.
    private readonly int _maxScale = 23 - BitOperations.Log2((uint)limits.MaxLevel);

    private readonly double[] _keys = new double[PayloadCodec.ChunkWeights];
    private readonly int[] _order = new int[PayloadCodec.ChunkWeights];

    /// <summary>Appends the chunk's entries by rising index.</summary>
    /// <param name="values">The chunk's wanted change in master units, at most 4,096.</param>
    /// <param name="first">Index of the chunk's first weight.</param>
    /// <param name="indices">Receives indices into the model.</param>
    /// <param name="sent">Receives their values, level · 2^scale.</param>
    public void Quantise(ReadOnlySpan<double> values, int first, List<int> indices, List<int> sent)
    {
        ReadOnlySpan<int> chosen = Largest(values);
        int scale = BestScale(values, chosen);
        foreach (int index in chosen)
        {
            int level = Level(values[index], scale);
            if (level != 0)
            {
                indices.Add(first + index);
                sent.Add((values[index] < 0 ? -level : level) << scale);
            }
        }
    }

    private ReadOnlySpan<int> Largest(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _keys[i] = -Math.Abs(values[i]);
            _order[i] = i;
        }

        Array.Sort(_keys, _order, 0, values.Length);
        int count = Math.Min(limits.EntriesPerChunk, values.Length);
        Span<int> chosen = _order.AsSpan(0, count);
        PreferLowIndices(count, values.Length);
        chosen.Sort();
        return chosen;
    }

    /// <summary>Array.Sort is not stable: among entries as large as the last one chosen, the lowest indices go first.</summary>
    private void PreferLowIndices(int count, int length)
    {
        double last = _keys[count - 1];
        int start = count - 1;
        while (start > 0 && _keys[start - 1] == last)
        {
            start--;
        }

        int end = count;
        while (end < length && _keys[end] == last)
        {
            end++;
        }

        Array.Sort(_order, start, end - start);
    }

    /// <summary>The scale with the least squared error over the chosen entries; the finer one among equals.</summary>
    private int BestScale(ReadOnlySpan<double> values, ReadOnlySpan<int> chosen)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        for (int scale = 0; scale <= _maxScale; scale++)
        {
            double error = 0;
            foreach (int index in chosen)
            {
                double size = Math.Abs(values[index]);
                double difference = size - Math.ScaleB(Level(size, scale), scale);
                error += difference * difference;
            }

            if (error < least)
            {
                least = error;
                best = scale;
            }
        }

        return best;
    }

    /// <summary>Magnitude in units of 2^scale, at most the largest level; 0 where it would be sent as nothing.</summary>
    private int Level(double value, int scale) => (int)Math.Min(limits.MaxLevel, Math.Round(Math.ScaleB(Math.Abs(value), -scale)));
}
