namespace Basilisk.Model.Gemm;

/// <summary>The innermost loop of a matrix product: one tile of C, held in registers, over a panel of A and a panel of B.</summary>
internal unsafe interface IMicroKernel
{
    /// <summary>Rows of the tile, R.</summary>
    static abstract int TileRows { get; }

    /// <summary>Columns of the tile, S.</summary>
    static abstract int TileColumns { get; }

    /// <summary>C[R, S] (+)= Aᵀ·B.</summary>
    /// <param name="depth">Products per element of C.</param>
    /// <param name="a">[depth, R], without gaps.</param>
    /// <param name="b">[depth, S], without gaps.</param>
    /// <param name="c">Top left element of the tile; the whole tile is written.</param>
    /// <param name="stride">Floats from one row of C to the next.</param>
    /// <param name="accumulate">Whether C's old values are added.</param>
    static abstract void Run(int depth, float* a, float* b, float* c, nint stride, bool accumulate);
}
