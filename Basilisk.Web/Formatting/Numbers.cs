using System.Globalization;
using System.Numerics;

namespace Basilisk.Web.Formatting;

/// <summary>Figures with their units, in one style everywhere.</summary>
public static class Numbers
{
    private static readonly string[] Scales = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary>Grouped digits: 12,345.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits and a scale: 12.3 k.</summary>
    public static string Scaled(double value)
    {
        if (!double.IsFinite(value))
        {
            return "–";
        }

        var scale = 0;
        var size = Math.Abs(value);
        while (size >= 999.5 && scale < Scales.Length - 1)
        {
            size /= 1000;
            value /= 1000;
            scale++;
        }

        var format = size >= 99.95 || (scale == 0 && size == Math.Floor(size)) ? "0" : size >= 9.995 ? "0.0" : "0.00";
        return value.ToString(format, CultureInfo.InvariantCulture) + (scale == 0 ? "" : " " + Scales[scale]);
    }

    /// <summary>A decimal integer of any size, scaled.</summary>
    public static string Scaled(string value) =>
        BigInteger.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? Scaled((double)parsed) : value;

    /// <summary>A loss in nats per token.</summary>
    public static string Loss(double nats) => nats.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A change of loss in nats, signed, with a true minus sign.</summary>
    public static string Gain(double nats)
    {
        var size = Math.Abs(nats);
        var digits = size.ToString(size is > 0 and < 0.001 ? "0.000000" : "0.0000", CultureInfo.InvariantCulture);
        return nats switch { 0 => digits, > 0 => "+" + digits, _ => "−" + digits };
    }

    /// <summary>A credit in nats: unsigned, enough digits for small shares.</summary>
    public static string Nats(double nats) => nats.ToString(Math.Abs(nats) is > 0 and < 0.01 ? "0.000000" : "0.0000", CultureInfo.InvariantCulture);

    /// <summary>A share 0–1 as a percentage.</summary>
    public static string Percent(double share) => (share * 100).ToString(share is > 0 and < 0.0995 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Bytes in binary units.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes.ToString(CultureInfo.InvariantCulture)} B",
        < 1024 * 1024 => (bytes / 1024.0).ToString("0.0", CultureInfo.InvariantCulture) + " KiB",
        _ => (bytes / 1048576.0).ToString("0.00", CultureInfo.InvariantCulture) + " MiB",
    };

    /// <summary>A plain decimal with a dot, whatever the machine's language.</summary>
    public static string Plain(double value, string format = "0.####") => value.ToString(format, CultureInfo.InvariantCulture);
}
