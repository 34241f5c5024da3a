namespace Basilisk.Model.Gemm;

/// <summary>
/// The right-hand side of a product, B[K, N], laid out as the micro-kernel reads it: blocks of <see cref="GemmBlocking.Depth"/>
/// rows; in a block, panels of S columns; in a panel, row after row. Columns beyond N are zero. One packing serves many products.
/// </summary>
public readonly unsafe struct PackedMatrix
{
    internal PackedMatrix(float* data, int rows, int columns)
    {
        Data = data;
        Rows = rows;
        Columns = columns;
    }

    internal float* Data { get; }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }
}

/// <summary>Block sizes that keep operands in the right cache.</summary>
internal static class GemmBlocking
{
    /// <summary>Rows of B (columns of A) per block: a panel of B, 256 × 32 floats, then fills 32 KiB and stays in the first cache.</summary>
    public const int Depth = 256;

    /// <summary>Rows of A packed at once: 192 × 256 floats are 192 KiB, well inside the second cache. A multiple of every tile's rows.</summary>
    public const int Rows = 192;
}
