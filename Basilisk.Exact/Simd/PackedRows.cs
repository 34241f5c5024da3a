using System.Runtime.InteropServices;
using Basilisk.Exact.Arithmetic;

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

    public void SetShift(int row, int shift) => Shifts[row] = shift;

    /// <summary>Quantises values by the row's shift and lays them in from a column on.</summary>
    /// <param name="row">Row.</param>
    /// <param name="column">First column.</param>
    /// <param name="values">At most the columns from there on.</param>
    /// <param name="largest">Largest quantised magnitude, at most 2^15 − 1.</param>
    public void SetValues(int row, int column, ReadOnlySpan<int> values, int largest)
    {
        int shift = Shifts[row];
        Span<short> target = Values.AsSpan(RowStart(row));
        for (int i = 0; i < values.Length; i++)
        {
            int at = column + i;
            target[(at >> 1) * (2 * PanelRows) + (at & 1)] = (short)Math.Clamp(FixedPoint.RoundShift(values[i], shift), -largest, largest);
        }
    }

    /// <summary>Lays whole pairs of quantised values in, from an even column on.</summary>
    public void SetPairs(int row, int column, ReadOnlySpan<short> values)
    {
        Span<int> target = MemoryMarshal.Cast<short, int>(Values.AsSpan(RowStart(row) + (column * PanelRows)));
        ReadOnlySpan<int> pairs = MemoryMarshal.Cast<short, int>(values);
        for (int pair = 0; pair < pairs.Length; pair++)
        {
            target[pair * PanelRows] = pairs[pair];
        }
    }

    public short Value(int row, int column) =>
        Values[RowStart(row) + (column / 2 * 2 * PanelRows) + (column & 1)];

    private int RowStart(int row) => (row / PanelRows * PanelLength) + (row % PanelRows * 2);
}
