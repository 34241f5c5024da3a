using System.Globalization;
using System.Numerics;

namespace Basilisk.Web.Formatting;

/// <summary>Decimal wei as people read it: BSK with grouped digits, cut (never rounded up) after a few decimals.</summary>
public static class Amounts
{
    /// <summary>Decimals of one BSK, as Ethereum's.</summary>
    public const int Decimals = 18;

    private static readonly BigInteger OneBsk = BigInteger.Pow(10, Decimals);

    /// <summary>BSK with at most <paramref name="places"/> decimals, or the text itself where it is no number.</summary>
    public static string Bsk(string wei, int places = 4)
    {
        if (!TryParse(wei, out var amount))
        {
            return wei;
        }

        var whole = BigInteger.DivRem(BigInteger.Abs(amount), OneBsk, out var rest);
        var digits = rest.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals, '0')[..places].TrimEnd('0');
        var sign = amount.Sign < 0 ? "−" : "";
        var grouped = whole.ToString("N0", CultureInfo.InvariantCulture);
        if (digits.Length == 0 && whole.IsZero && !rest.IsZero)
        {
            return $"{sign}<0.{new string('0', places - 1)}1";
        }

        return digits.Length == 0 ? sign + grouped : $"{sign}{grouped}.{digits}";
    }

    /// <summary>All eighteen decimals, for a title.</summary>
    public static string Exact(string wei) => TryParse(wei, out _) ? $"{Bsk(wei, Decimals)} BSK = {wei} wei" : wei;

    /// <summary>A price per gas in gwei.</summary>
    public static string Gwei(string wei) => TryParse(wei, out var amount)
        ? (amount >= 1_000_000 ? ((double)amount / 1e9).ToString("#,0.######", CultureInfo.InvariantCulture) + " gwei" : wei + " wei")
        : wei;

    private static bool TryParse(string wei, out BigInteger amount) =>
        BigInteger.TryParse(wei, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out amount);
}
