using System.Diagnostics.CodeAnalysis;

namespace Basilisk.Chain.Primitives;

/// <summary>The coin and its units: 1 BSK = 10¹⁸ wei, 1 gwei = 10⁹ wei.</summary>
public static class Bsk
{
    /// <summary>Decimal places of a coin.</summary>
    public const int Decimals = 18;

    /// <summary>Wei in one gwei.</summary>
    public const ulong Gwei = 1_000_000_000;

    /// <summary>Wei in one BSK.</summary>
    public const ulong Coin = 1_000_000_000_000_000_000;

    /// <summary>Wei as coins: "25", "0.5", "1.000000000000000001". No trailing zeros, no rounding.</summary>
    public static string Format(UInt256 wei)
    {
        (UInt256 whole, UInt256 part) = UInt256.DivRem(wei, Coin);
        return part.IsZero
            ? whole.ToString()
            : whole + "." + part.ToString().PadLeft(Decimals, '0').TrimEnd('0');
    }

    /// <summary>Reads coins with at most 18 decimals into wei: digits, at most one point with digits on both sides.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UInt256 wei)
    {
        wei = default;
        if (text is null)
        {
            return false;
        }

        int point = text.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? text : text[..point];
        string part = point < 0 ? "0" : text[(point + 1)..];
        if (part.Length > Decimals
            || !UInt256.TryParse(whole, out UInt256 coins)
            || !UInt256.TryParse(part, out _)
            || !UInt256.TryMultiply(coins, Coin, out UInt256 wholeWei))
        {
            return false;
        }

        return UInt256.TryAdd(wholeWei, UInt256.Parse(part.PadRight(Decimals, '0')), out wei);
    }
}
