using System.Globalization;
using System.Numerics;
using Basilisk.Chain.Primitives;

namespace Basilisk.Chain.Difficulty;

/// <summary>
/// A target in Bitcoin's compact form: one byte of length in bytes, then a 23-bit mantissa
/// (<c>target = mantissa · 256^(length − 3)</c>). Only the canonical form of a positive target below 2²⁵⁶ is accepted:
/// every target has one encoding.
/// </summary>
public readonly record struct CompactTarget(uint Bits)
{
    private const uint SignBit = 0x0080_0000;
    private const uint MantissaMask = 0x007F_FFFF;

    /// <summary>The easiest target that has a compact form, 0x7fffff · 2²³²: about every second hash meets it.</summary>
    public static CompactTarget Easiest => new(0x207F_FFFF);

    /// <summary>Decodes strictly.</summary>
    /// <returns>False where the form is negative, zero, above 2²⁵⁶ − 1 or not canonical.</returns>
    public bool TryDecode(out UInt256 target)
    {
        target = default;
        if (!TryDecodeInteger(out BigInteger value))
        {
            return false;
        }

        target = (UInt256)value;
        return true;
    }

    /// <exception cref="InvalidOperationException">The form is not canonical: check it where it enters.</exception>
    public UInt256 ToTarget() =>
        TryDecode(out UInt256 target) ? target : throw new InvalidOperationException($"Compact target {this} is not canonical.");

    /// <summary>The compact form of a target; bits below the mantissa are cut off, as Bitcoin does.</summary>
    public static CompactTarget FromTarget(UInt256 target) => FromInteger(target);

    /// <summary>0x and 8 digits.</summary>
    public override string ToString() => "0x" + Bits.ToString("x8", CultureInfo.InvariantCulture);

    internal static CompactTarget FromInteger(BigInteger value)
    {
        int length = value.IsZero ? 0 : value.GetByteCount(isUnsigned: true);
        uint mantissa = (uint)(length <= 3 ? value << (8 * (3 - length)) : value >> (8 * (length - 3)));
        if ((mantissa & SignBit) != 0)
        {
            mantissa >>= 8;
            length++;
        }

        return new CompactTarget(mantissa | ((uint)length << 24));
    }

    internal bool TryDecodeInteger(out BigInteger value)
    {
        value = BigInteger.Zero;
        int length = (int)(Bits >> 24);
        BigInteger mantissa = Bits & MantissaMask;
        if ((Bits & SignBit) != 0 || mantissa.IsZero || length > 33)
        {
            return false;
        }

        value = length <= 3 ? mantissa >> (8 * (3 - length)) : mantissa << (8 * (length - 3));
        return !value.IsZero && value.GetBitLength() <= 256 && FromInteger(value) == this;
    }
}
