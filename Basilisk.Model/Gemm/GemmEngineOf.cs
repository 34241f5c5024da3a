using Basilisk.Compute.Threading;

namespace Basilisk.Model.Gemm;

/// <summary>The engine over one micro-kernel; the JIT compiles it anew, with constant tile sizes, for each.</summary>
internal sealed unsafe class GemmEngineOf<TKernel>(string name) : GemmEngine(name)
    where TKernel : struct, IMicroKernel
{
    private static int TileRows => TKernel.TileRows;

    private static int TileColumns => TKernel.TileColumns;

    public override long PackedLength(int rows, int columns) => (long)rows * PaddedColumns(columns);

    public override PackedMatrix Pack(Matrix right, float* target)
    {
        int panels = Panels(right.Columns);
        for (int panel = 0; panel < panels; panel++)
        {
            PackPanel(right, panel, target);
        }

        return new PackedMatrix(target, right.Rows, right.Columns);
    }

    public override void Multiply(Matrix left, PackedMatrix right, Matrix result, bool accumulate, GemmWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        Check(left, right.Rows, right.Columns, result);
        if (left.Columns == 0)
        {
            ClearUnless(accumulate, result);
            return;
        }

        for (int row = 0; row < left.Rows; row += GemmBlocking.Rows)
        {
            int rows = Math.Min(GemmBlocking.Rows, left.Rows - row);
            MultiplyRows(left.RowRange(row, rows), right, result.RowRange(row, rows), accumulate, workspace);
        }
    }

    public override void Multiply(Matrix left, Matrix right, Matrix result, bool accumulate, WorkerTeam team, IReadOnlyList<GemmWorkspace> workspaces)
    {
        ArgumentNullException.ThrowIfNull(team);
        ArgumentNullException.ThrowIfNull(workspaces);
        ArgumentOutOfRangeException.ThrowIfLessThan(workspaces.Count, team.Threads, nameof(workspaces));
        Check(left, right.Rows, right.Columns, result);
        if (left.Columns == 0)
        {
            ClearUnless(accumulate, result);
            return;
        }

        float* target = workspaces[0].Right(PackedLength(right.Rows, right.Columns));
        var packed = new PackedMatrix(target, right.Rows, right.Columns);
        int panels = Panels(right.Columns);
        int panelsPerItem = Math.Max(1, panels / (team.Threads * 4));
        team.Run((panels + panelsPerItem - 1) / panelsPerItem, (item, _) =>
        {
            int end = Math.Min(panels, (item + 1) * panelsPerItem);
            for (int panel = item * panelsPerItem; panel < end; panel++)
            {
                PackPanel(right, panel, target);
            }
        });

        int rowsPerItem = RowsPerItem(left.Rows, team.Threads);
        team.Run((left.Rows + rowsPerItem - 1) / rowsPerItem, (item, worker) =>
        {
            int row = item * rowsPerItem;
            int rows = Math.Min(rowsPerItem, left.Rows - row);
            MultiplyRows(left.RowRange(row, rows), packed, result.RowRange(row, rows), accumulate, workspaces[worker]);
        });
    }

    /// <summary>Several items for each thread, so that a slow one costs little, and each a multiple of the tile.</summary>
    private static int RowsPerItem(int rows, int threads)
    {
        int tiles = (rows + TileRows - 1) / TileRows;
        int tilesPerItem = Math.Clamp(tiles / (threads * 4), 1, GemmBlocking.Rows / TileRows);
        return tilesPerItem * TileRows;
    }

    /// <summary>At most <see cref="GemmBlocking.Rows"/> rows of C.</summary>
    private static void MultiplyRows(Matrix left, PackedMatrix right, Matrix result, bool accumulate, GemmWorkspace workspace)
    {
        // Invariant: the left scratch holds ⌈rows / tile⌉ · tile × Depth floats; packed B holds Rows × padded columns.
        nint padded = PaddedColumns(right.Columns);
        for (int k = 0; k < left.Columns; k += GemmBlocking.Depth)
        {
            int depth = Math.Min(GemmBlocking.Depth, left.Columns - k);
            int packedDepth = Math.Min(GemmBlocking.Depth, right.Rows - k);
            PackLeft(left, k, depth, workspace.Left);
            float* block = right.Data + (k * padded);
            bool add = accumulate || k > 0;
            for (int column = 0; column < result.Columns; column += TileColumns)
            {
                MultiplyPanel(workspace, depth, block + ((nint)column * packedDepth), result, column, add);
            }
        }
    }

    /// <summary>All rows of the packed left block times one panel of B.</summary>
    private static void MultiplyPanel(GemmWorkspace workspace, int depth, float* panel, Matrix result, int column, bool add)
    {
        int columns = Math.Min(TileColumns, result.Columns - column);
        float* left = workspace.Left;
        for (int row = 0; row < result.Rows; row += TileRows, left += (nint)TileRows * depth)
        {
            float* c = result.Data + ((nint)row * result.Stride) + column;
            int rows = Math.Min(TileRows, result.Rows - row);
            if (rows == TileRows && columns == TileColumns)
            {
                TKernel.Run(depth, left, panel, c, result.Stride, add);
            }
            else
            {
                TKernel.Run(depth, left, panel, workspace.Tile, TileColumns, accumulate: false);
                CopyTile(workspace.Tile, c, result.Stride, rows, columns, add);
            }
        }
    }

    private static void CopyTile(float* tile, float* c, nint stride, int rows, int columns, bool add)
    {
        for (int row = 0; row < rows; row++, tile += TileColumns, c += stride)
        {
            for (int column = 0; column < columns; column++)
            {
                c[column] = add ? c[column] + tile[column] : tile[column];
            }
        }
    }

    private static void PackLeft(Matrix left, int k, int depth, float* target)
    {
        for (int row = 0; row < left.Rows; row += TileRows, target += (nint)TileRows * depth)
        {
            int rows = Math.Min(TileRows, left.Rows - row);
            if (left.IsTransposed)
            {
                Packing.CopyLines(left.Data + ((nint)k * left.Stride) + row, left.Stride, rows, depth, TileRows, target);
            }
            else
            {
                Packing.TransposeLines(left.Data + ((nint)row * left.Stride) + k, left.Stride, rows, depth, TileRows, target);
            }
        }
    }

    private static void PackPanel(Matrix right, int panel, float* target)
    {
        nint padded = PaddedColumns(right.Columns);
        int column = panel * TileColumns;
        int columns = Math.Min(TileColumns, right.Columns - column);
        for (int k = 0; k < right.Rows; k += GemmBlocking.Depth)
        {
            int depth = Math.Min(GemmBlocking.Depth, right.Rows - k);
            float* to = target + (k * padded) + ((nint)column * depth);
            if (right.IsTransposed)
            {
                Packing.TransposeLines(right.Data + ((nint)column * right.Stride) + k, right.Stride, columns, depth, TileColumns, to);
            }
            else
            {
                Packing.CopyLines(right.Data + ((nint)k * right.Stride) + column, right.Stride, columns, depth, TileColumns, to);
            }
        }
    }

    private static int Panels(int columns) => (columns + TileColumns - 1) / TileColumns;

    private static int PaddedColumns(int columns) => Panels(columns) * TileColumns;

    private static void Check(Matrix left, int rightRows, int rightColumns, Matrix result)
    {
        if (left.Columns > rightRows || result.Columns > rightColumns || left.Rows != result.Rows || result.IsTransposed)
        {
            throw new ArgumentException(
                $"[{left.Rows}, {left.Columns}] · [{rightRows}, {rightColumns}] cannot be written to [{result.Rows}, {result.Columns}]{(result.IsTransposed ? " transposed" : "")}.");
        }
    }

    private static void ClearUnless(bool accumulate, Matrix result)
    {
        for (int row = 0; row < result.Rows && !accumulate; row++)
        {
            new Span<float>(result.Data + ((nint)row * result.Stride), result.Columns).Clear();
        }
    }
}
