namespace Basilisk.Exact.Simd;

/// <summary>
/// A quantised matrix [rows, columns] laid out for products of 16 rows at a time: panels of 16 rows; in a panel, pairs of
/// columns; in a pair, the 16 rows; in a row, the pair's two values. Missing rows and an odd last column are zero.
/// Each row has a shift: its values are <c>q · 2^shift</c>.
/// </summary>
internal sealed class PackedRows
{
    /// <summary>Rows per panel.</summary>
    public const int PanelRows = 16;

    public PackedRows(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        Pairs = (columns + 1) / 2;
        Panels = (rows + PanelRows - 1) / PanelRows;
        Values = new short[checked(Panels * PanelLength)];
        Shifts = new int[Panels * PanelRows];
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Pairs of columns.</summary>
    public int Pairs { get; }

    public int Panels { get; }

    /// <summary>Values in one panel.</summary>
    public int PanelLength => Pairs * 2 * PanelRows;

    public short[] Values { get; }

    public int[] Shifts { get; }

    /// <summary>Lays a quantised row in; it must have <see cref="Columns"/> values in ±(2^15 − 1).</summary>
    public void SetRow(int row, ReadOnlySpan<int> values, int shift)
    {
        Shifts[row] = shift;
        int start = (row / PanelRows * PanelLength) + (row % PanelRows * 2);
        Span<short> target = Values.AsSpan(start);
        for (int column = 0; column < values.Length; column++)
        {
            target[(column >> 1) * (2 * PanelRows) + (column & 1)] = (short)values[column];
        }
    }

    public short Value(int row, int column) =>
        Values[(row / PanelRows * PanelLength) + (column / 2 * 2 * PanelRows) + (row % PanelRows * 2) + (column & 1)];
}
