using Basilisk.Exact.Settlement;

namespace Basilisk.Exact.Payloads;

/// <summary>
/// A change of a few of a model's weights: ascending indices and their values in master units (Q8.24), none zero,
/// each in ±(2³¹ − 1). All sums are exact: at most 2³¹ products below 2⁶² stay below 2⁹³.
/// </summary>
public sealed class SparseDelta : IEquatable<SparseDelta>
{
    private readonly int[] _indices;
    private readonly int[] _values;
    private readonly int _hash;

    /// <param name="dimension">Number of weights of the model.</param>
    /// <param name="indices">Ascending, each below the dimension; the array belongs to the delta from here on.</param>
    /// <param name="values">One per index, not zero and not −2³¹; the array belongs to the delta from here on.</param>
    /// <exception cref="ArgumentException">The arrays break one of these rules.</exception>
    public SparseDelta(int dimension, int[] indices, int[] values)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        if (indices.Length != values.Length)
        {
            throw new ArgumentException($"{indices.Length} indices need as many values, not {values.Length}.", nameof(values));
        }

        var hash = new HashCode();
        UInt128 squares = UInt128.Zero;
        int previous = -1;
        for (int i = 0; i < indices.Length; i++)
        {
            if (indices[i] <= previous || indices[i] >= dimension)
            {
                throw new ArgumentException($"Index {indices[i]} after {previous} is not ascending below {dimension}.", nameof(indices));
            }

            if (values[i] is 0 or int.MinValue)
            {
                throw new ArgumentException($"The value of index {indices[i]} is {values[i]}; zero and −2^31 are no values.", nameof(values));
            }

            previous = indices[i];
            squares += (ulong)((long)values[i] * values[i]);
            hash.Add(indices[i]);
            hash.Add(values[i]);
        }

        Dimension = dimension;
        _indices = indices;
        _values = values;
        _hash = hash.ToHashCode();
        SquaredNorm = squares;
        Norm = Rounding.SquareRoot(squares);
    }

    /// <summary>Number of weights of the model.</summary>
    public int Dimension { get; }

    /// <summary>Number of entries.</summary>
    public int Count => _indices.Length;

    public ReadOnlySpan<int> Indices => _indices;

    public ReadOnlySpan<int> Values => _values;

    /// <summary>Sum of squared values, below 2⁹³.</summary>
    public UInt128 SquaredNorm { get; }

    /// <summary>⌊√<see cref="SquaredNorm"/>⌋, below 2⁴⁷.</summary>
    public ulong Norm { get; }

    /// <summary>The inner product with another delta of the same dimension.</summary>
    public Int128 Dot(SparseDelta other)
    {
        RequireDimension(other.Dimension);
        Int128 sum = Int128.Zero;
        int i = 0;
        int j = 0;
        while (i < _indices.Length && j < other._indices.Length)
        {
            int order = _indices[i].CompareTo(other._indices[j]);
            if (order == 0)
            {
                sum += (long)_values[i] * other._values[j];
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return sum;
    }

    /// <summary>The inner product with a dense vector in the same units.</summary>
    public Int128 Dot(ReadOnlySpan<int> dense)
    {
        RequireDimension(dense.Length);
        Int128 sum = Int128.Zero;
        for (int i = 0; i < _indices.Length; i++)
        {
            sum += (long)_values[i] * dense[_indices[i]];
        }

        return sum;
    }

    /// <summary>The inner product with a dense vector of wide numbers, each below 2⁶³ in magnitude.</summary>
    public Int128 Dot(ReadOnlySpan<long> dense)
    {
        RequireDimension(dense.Length);
        Int128 sum = Int128.Zero;
        for (int i = 0; i < _indices.Length; i++)
        {
            sum += (Int128)_values[i] * dense[_indices[i]];
        }

        return sum;
    }

    /// <summary>
    /// Writes the values into a dense vector, so that products with many others cost one look-up per entry instead of a merge.
    /// </summary>
    public void CopyTo(Span<int> dense)
    {
        RequireDimension(dense.Length);
        for (int i = 0; i < _indices.Length; i++)
        {
            dense[_indices[i]] = _values[i];
        }
    }

    /// <summary>Sets this delta's places to zero again.</summary>
    public void ClearFrom(Span<int> dense)
    {
        RequireDimension(dense.Length);
        foreach (int index in _indices)
        {
            dense[index] = 0;
        }
    }

    /// <summary>
    /// Each value times numerator / denominator, to the nearest (ties away from zero), saturated at ±(2³¹ − 1); values that become zero are left out.
    /// </summary>
    public SparseDelta Scale(ulong numerator, ulong denominator)
    {
        ArgumentOutOfRangeException.ThrowIfZero(denominator);
        var indices = new int[Count];
        var values = new int[Count];
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            int scaled = Rounding.ScaleSaturating(_values[i], numerator, denominator);
            if (scaled != 0)
            {
                indices[kept] = _indices[i];
                values[kept++] = scaled;
            }
        }

        return new SparseDelta(Dimension, indices[..kept], values[..kept]);
    }

    public bool Equals(SparseDelta? other) =>
        other is not null
        && _hash == other._hash
        && Dimension == other.Dimension
        && _indices.AsSpan().SequenceEqual(other._indices)
        && _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => Equals(obj as SparseDelta);

    public override int GetHashCode() => _hash;

    private void RequireDimension(int dimension)
    {
        if (dimension != Dimension)
        {
            throw new ArgumentException($"A delta of {Dimension} weights cannot meet a vector of {dimension}.", nameof(dimension));
        }
    }
}
