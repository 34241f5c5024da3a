using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Chain.Tests.Signatures;

/// <summary>Project Wycheproof's ECDSA vectors for this curve: edge cases that broke other implementations.</summary>
public sealed class WycheproofTests
{
    [Theory]
    [InlineData("ecdsa_secp256k1_sha256_test.json", 476)]
    [InlineData("ecdsa_secp256k1_sha256_bitcoin_test.json", 463)]
    [InlineData("ecdsa_secp256k1_sha256_p1363_test.json", 252)]
    public void Every_vector_is_judged_as_published(string file, int expectedCount)
    {
        string? path = VectorFiles.FindPublished("secp256k1/" + file);
        if (path is null)
        {
            Assert.Skip(VectorFiles.AbsentReason);
        }

        bool der = !file.Contains("p1363", StringComparison.Ordinal);
        bool lowS = file.Contains("bitcoin", StringComparison.Ordinal);
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(path));
        var wrong = new List<int>();
        int count = 0;
        foreach (JsonElement group in vectors.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            string uncompressed = group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!;
            byte[] publicKey = Convert.FromHexString(uncompressed.AsSpan(2));
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] hash = SHA256.HashData(Convert.FromHexString(test.GetProperty("msg").GetString()!));
                byte[] bytes = Convert.FromHexString(test.GetProperty("sig").GetString()!);
                bool accepted = (der ? FromDer(bytes) : FromFixed(bytes)) is { } signature
                    && (!lowS || signature.IsLowS)
                    && Secp256k1.Verify(hash, signature, publicKey);
                if (accepted != (test.GetProperty("result").GetString() == "valid"))
                {
                    wrong.Add(test.GetProperty("tcId").GetInt32());
                }

                count++;
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(expectedCount, count);
    }

    private static Signature? FromFixed(byte[] bytes) => bytes.Length == 64
        ? new Signature(UInt256.FromBigEndian(bytes.AsSpan(0, 32)), UInt256.FromBigEndian(bytes.AsSpan(32)), 0)
        : null;

    private static Signature? FromDer(byte[] bytes)
    {
        try
        {
            var reader = new AsnReader(bytes, AsnEncodingRules.DER);
            AsnReader sequence = reader.ReadSequence();
            var r = (UInt256)sequence.ReadInteger();
            var s = (UInt256)sequence.ReadInteger();
            sequence.ThrowIfNotEmpty();
            reader.ThrowIfNotEmpty();
            return new Signature(r, s, 0);
        }
        catch (Exception e) when (e is AsnContentException or OverflowException)
        {
            return null;
        }
    }
}
