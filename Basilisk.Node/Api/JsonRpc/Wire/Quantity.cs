using System.Globalization;
using Basilisk.Chain.Primitives;

namespace Basilisk.Node.Api.JsonRpc.Wire;

/// <summary>Ethereum's number and byte forms: shortest hexadecimal digits with 0x; bytes as two digits each.</summary>
internal static class Quantity
{
    public static string Of(long value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    public static string Of(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>From decimal digits, as the projections write amounts.</summary>
    public static string OfDecimal(string digits) => UInt256.Parse(digits).ToHex();

    public static string Bytes(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    public static bool TryParse(string text, out ulong value)
    {
        bool read = UInt256.TryParseHex(text, out UInt256 wide) && wide <= new UInt256(ulong.MaxValue);
        value = read ? wide.LowWord : 0;
        return read;
    }

    /// <summary>0x and an even number of digits; "0x" is no bytes.</summary>
    public static bool TryParseBytes(string text, out byte[] bytes)
    {
        bytes = [];
        if (!text.StartsWith("0x", StringComparison.Ordinal) || text.Length % 2 != 0)
        {
            return false;
        }

        var decoded = new byte[(text.Length - 2) / 2];
        bool read = Convert.FromHexString(text.AsSpan(2), decoded, out _, out _) == System.Buffers.OperationStatus.Done;
        bytes = read ? decoded : [];
        return read;
    }
}
