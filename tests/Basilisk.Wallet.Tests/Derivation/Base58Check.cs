using System.Numerics;
using System.Security.Cryptography;

namespace Basilisk.Wallet.Tests.Derivation;

/// <summary>Reads the extended keys of the published vectors.</summary>
internal static class Base58Check
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    public static byte[] Decode(string text)
    {
        BigInteger value = text.Aggregate(BigInteger.Zero, (sum, c) => (sum * 58) + Alphabet.IndexOf(c, StringComparison.Ordinal));
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] hash = SHA256.HashData(SHA256.HashData(bytes.AsSpan(0, bytes.Length - 4)));
        return hash.AsSpan(0, 4).SequenceEqual(bytes.AsSpan(bytes.Length - 4))
            ? bytes[..^4]
            : throw new FormatException("The vector's own checksum is wrong.");
    }
}
