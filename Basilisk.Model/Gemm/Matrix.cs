namespace Basilisk.Model.Gemm;

/// <summary>
/// A view of floats as a matrix. Element (i, j) is <c>Data[i * Stride + j]</c>, or <c>Data[j * Stride + i]</c> where the
/// view is transposed. Who makes a view keeps its memory alive and large enough.
/// </summary>
public readonly unsafe struct Matrix
{
    /// <param name="data">First element of the stored rows.</param>
    /// <param name="rows">Stored rows.</param>
    /// <param name="columns">Stored columns.</param>
    /// <param name="stride">Floats from one stored row to the next, ≥ <paramref name="columns"/>.</param>
    public Matrix(float* data, int rows, int columns, int stride)
        : this(data, rows, columns, stride, transposed: false)
    {
    }

    /// <summary>Rows without gaps between them.</summary>
    public Matrix(float* data, int rows, int columns)
        : this(data, rows, columns, columns, transposed: false)
    {
    }

    private Matrix(float* data, int rows, int columns, int stride, bool transposed)
    {
        Data = data;
        Rows = rows;
        Columns = columns;
        Stride = stride;
        IsTransposed = transposed;
    }

    public float* Data { get; }

    /// <summary>Rows of the view.</summary>
    public int Rows { get; }

    /// <summary>Columns of the view.</summary>
    public int Columns { get; }

    public int Stride { get; }

    public bool IsTransposed { get; }

    /// <summary>The same floats with rows and columns exchanged.</summary>
    public Matrix Transposed => new(Data, Columns, Rows, Stride, !IsTransposed);

    /// <summary>Rows <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> − 1 of the view.</summary>
    public Matrix RowRange(int first, int count) =>
        new(Data + (IsTransposed ? first : (nint)first * Stride), count, Columns, Stride, IsTransposed);
}
