using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Chain.Tests.Rlp;

/// <summary>Ethereum's shared RLP vectors.</summary>
public sealed class RlpVectorTests
{
    [Fact]
    public void Valid_vectors_encode_to_their_bytes_and_read_back()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("rlp/rlptest.json")));
        int count = 0;
        foreach (JsonProperty vector in vectors.RootElement.EnumerateObject())
        {
            byte[] expected = Bytes(vector.Value.GetProperty("out").GetString()!);
            var writer = new RlpWriter();
            WriteJson(writer, vector.Value.GetProperty("in"));
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(writer.ToArray()));
            Assert.Null(RlpWalk.Whole(expected));
            count++;
        }

        Assert.Equal(28, count);
    }

    [Fact]
    public void Invalid_vectors_are_refused()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("rlp/invalidRLPTest.json")));
        int count = 0;
        foreach (JsonProperty vector in vectors.RootElement.EnumerateObject())
        {
            byte[] bytes = Bytes(vector.Value.GetProperty("out").GetString()!);
            Refusal? refusal = RlpWalk.Whole(bytes);
            Assert.True(refusal is not null, vector.Name);
            Assert.Equal(RefusalKind.Malformed, refusal.Kind);
            Assert.StartsWith("rlp-", refusal.Token, StringComparison.Ordinal);
            count++;
        }

        Assert.Equal(26, count);
    }

    // Some vectors leave the 0x out.
    private static byte[] Bytes(string hex) =>
        Convert.FromHexString(hex.StartsWith("0x", StringComparison.Ordinal) ? hex[2..] : hex);

    private static void WriteJson(RlpWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                writer.BeginList();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    WriteJson(writer, item);
                }

                writer.EndList();
                break;
            case JsonValueKind.Number:
                writer.Write((UInt256)BigInteger.Parse(value.GetRawText(), CultureInfo.InvariantCulture));
                break;
            default:
                string text = value.GetString()!;
                if (text.StartsWith('#'))
                {
                    writer.Write(BigInteger.Parse(text[1..], CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true));
                }
                else
                {
                    writer.Write(Encoding.Latin1.GetBytes(text));
                }

                break;
        }
    }
}
