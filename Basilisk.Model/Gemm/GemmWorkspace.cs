namespace Basilisk.Model.Gemm;

/// <summary>Scratch memory of one thread that multiplies. It grows to the largest product seen and is then kept.</summary>
public sealed unsafe class GemmWorkspace
{
    private const int LargestTile = 16 * 64;

    // 192 rows can need one more, partly empty, panel of up to 16 rows.
    private readonly FloatBuffer _left = new((GemmBlocking.Rows + 16) * GemmBlocking.Depth);
    private readonly FloatBuffer _tile = new(LargestTile);
    private FloatBuffer _right = new(0);

    internal float* Left => _left.Pointer;

    internal float* Tile => _tile.Pointer;

    /// <summary>Room for a packed right-hand side of <paramref name="length"/> floats; its content is lost at the next call.</summary>
    internal float* Right(long length)
    {
        if (_right.Length < length)
        {
            _right = new FloatBuffer(length);
        }

        return _right.Pointer;
    }
}
