using System.Numerics;
using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// What the model's history tells of the loss's slope: the one vector h in the span of its directions with ⟨h,û⟩ = g_û for each of them.
/// To first order any sum of these directions, with any factors and signs, gains ⟨h,δ⟩. Exact: whole numbers and one quotient.
/// </summary>
internal sealed class PublicSpan
{
    /// <summary>A direction of which less than this part of its squared length is new tells nothing that those before it do not.</summary>
    private const int NewPart = 16;

    private readonly List<SparseDelta> _directions = [];
    private readonly List<BigInteger[]> _products = [];
    private readonly List<BigInteger> _gains = [];
    private readonly int[] _dense;
    private BigInteger _determinant = BigInteger.One;

    public PublicSpan(int dimension) => _dense = new int[dimension];

    /// <summary>Takes a direction in, if enough of it is new.</summary>
    /// <param name="direction">Scaled to the median norm; not zero.</param>
    /// <param name="gain">Probes it; called only where it is taken.</param>
    public void Add(SparseDelta direction, Func<SparseDelta, long> gain)
    {
        direction.CopyTo(_dense);
        BigInteger[] row = [.. _directions.Select(other => (BigInteger)other.Dot(_dense)), direction.SquaredNorm];
        direction.ClearFrom(_dense);
        BigInteger determinant = Determinant([.. _products, row], null, -1);
        if (determinant * NewPart < (BigInteger)direction.SquaredNorm * _determinant)
        {
            return;
        }

        _determinant = determinant;
        _directions.Add(direction);
        _products.Add(row);
        _gains.Add(gain(direction));
    }

    /// <summary>max(0, ⌊⟨h,δ⟩⌋) per delta; 0 for those that are not asked for.</summary>
    public BigInteger[] KnownParts(IReadOnlyList<SparseDelta> deltas, IReadOnlyList<bool> asked)
    {
        // Cramer's rule: h = Σ xₖûₖ / determinant. At most eleven directions, so the determinants cost nothing beside a probe.
        BigInteger[] factors = [.. Enumerable.Range(0, _directions.Count).Select(k => Determinant(_products, _gains, k))];
        var known = new BigInteger[deltas.Count];
        for (int k = 0; k < factors.Length; k++)
        {
            _directions[k].CopyTo(_dense);
            for (int i = 0; i < known.Length; i++)
            {
                known[i] += asked[i] ? factors[k] * deltas[i].Dot(_dense) : BigInteger.Zero;
            }

            _directions[k].ClearFrom(_dense);
        }

        return [.. known.Select(part => part.Sign > 0 ? part / _determinant : BigInteger.Zero)];
    }

    /// <summary>
    /// The determinant of the symmetric matrix of which <paramref name="lower"/> has the rows up to the diagonal, with one column
    /// replaced if wanted. Fraction-free elimination (Bareiss 1968): every division is exact.
    /// </summary>
    private static BigInteger Determinant(IReadOnlyList<BigInteger[]> lower, IReadOnlyList<BigInteger>? column, int replaced)
    {
        int size = lower.Count;
        var matrix = new BigInteger[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                matrix[i, j] = j == replaced ? column![i] : lower[Math.Max(i, j)][Math.Min(i, j)];
            }
        }

        BigInteger last = BigInteger.One;
        int sign = 1;
        for (int k = 0; k + 1 < size; k++)
        {
            if (!BringPivot(matrix, k, ref sign))
            {
                return BigInteger.Zero;
            }

            for (int i = k + 1; i < size; i++)
            {
                for (int j = k + 1; j < size; j++)
                {
                    matrix[i, j] = ((matrix[i, j] * matrix[k, k]) - (matrix[i, k] * matrix[k, j])) / last;
                }
            }

            last = matrix[k, k];
        }

        return size == 0 ? BigInteger.One : sign * matrix[size - 1, size - 1];
    }

    /// <summary>Swaps a row with a number in column k to place k; false where there is none.</summary>
    private static bool BringPivot(BigInteger[,] matrix, int k, ref int sign)
    {
        int size = matrix.GetLength(0);
        int row = k;
        while (row < size && matrix[row, k].IsZero)
        {
            row++;
        }

        if (row == size)
        {
            return false;
        }

        for (int j = 0; row != k && j < size; j++)
        {
            (matrix[k, j], matrix[row, j]) = (matrix[row, j], matrix[k, j]);
        }

        sign = row == k ? sign : -sign;
        return true;
    }
}
