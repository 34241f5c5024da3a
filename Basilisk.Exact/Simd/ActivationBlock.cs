using Basilisk.Exact.Arithmetic;

namespace Basilisk.Exact.Simd;

/// <summary>
/// Quantised activations [tokens, columns] of up to 18 bits, each split into two int16 planes for products:
/// <c>q = high · 2^9 + low</c> with low in −256 … 255 and |high| ≤ 256, so that 254 products of a plane with 16-bit weights
/// fit an int32. An odd last column is followed by a zero. Each token has a shift: its values are <c>q · 2^shift</c>.
/// </summary>
internal sealed class ActivationBlock
{
    /// <summary>Bits of the low plane.</summary>
    public const int PlaneBits = 9;

    /// <summary>Bits that the two planes can hold.</summary>
    public const int MaximumBits = 2 * PlaneBits;

    public ActivationBlock(int tokens, int columns)
    {
        Columns = columns;
        Stride = (columns + 1) / 2 * 2;
        High = new short[checked(tokens * Stride)];
        Low = new short[tokens * Stride];
        Shifts = new int[tokens];
    }

    public int Columns { get; }

    /// <summary>Distance between tokens: the columns rounded up to even.</summary>
    public int Stride { get; }

    public short[] High { get; }

    public short[] Low { get; }

    public int[] Shifts { get; }

    /// <summary>The high plane of one token.</summary>
    public Span<short> HighOf(int token) => High.AsSpan(token * Stride, Columns);

    /// <summary>The low plane of one token.</summary>
    public Span<short> LowOf(int token) => Low.AsSpan(token * Stride, Columns);

    public void SetToken(int token, int shift) => Shifts[token] = shift;

    /// <summary>Quantises values by the token's shift and stores them from a column on.</summary>
    public void SetValues(int token, int column, ReadOnlySpan<long> values, int largest)
    {
        int shift = Shifts[token];
        Span<short> high = HighOf(token)[column..];
        Span<short> low = LowOf(token)[column..];
        for (int i = 0; i < values.Length; i++)
        {
            int value = (int)Math.Clamp(FixedPoint.RoundShift(values[i], shift), -largest, largest);
            int top = (value + (1 << (PlaneBits - 1))) >> PlaneBits;
            high[i] = (short)top;
            low[i] = (short)(value - (top << PlaneBits));
        }
    }

    public int Value(int token, int column) =>
        (High[(token * Stride) + column] << PlaneBits) + Low[(token * Stride) + column];
}
