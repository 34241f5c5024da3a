namespace Basilisk.Exact.Judging;

/// <summary>How many bits (sign included) the operands of the judge's products have. docs/numbers.md shows why the protocol's choice was made.</summary>
/// <param name="Weight">Bits of a quantised weight, and of a quantised key; 2 to 16.</param>
/// <param name="Activation">Bits of a quantised activation, and of a quantised query; 2 to 18.</param>
internal readonly record struct NumberWidths(int Weight, int Activation)
{
    /// <summary>The protocol's widths. Changing them changes every loss: it is a hard fork.</summary>
    public static readonly NumberWidths Protocol = new(16, 18);
}
