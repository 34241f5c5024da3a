using System.Globalization;
using System.Text.Json;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Chain.Tests.Transactions;

/// <summary>Ethereum's shared TransactionTests: what every client must take and refuse.</summary>
public sealed class EthereumTransactionTests
{
    [Fact]
    public void Valid_transactions_have_the_published_sender_hash_and_gas()
    {
        int taken = 0;
        var outside = new List<string>();
        foreach (JsonElement vector in Vectors(valid: true))
        {
            string name = vector.GetProperty("name").GetString()!;
            if (!Transaction.Decode(Bytes(vector)).TryGet(out Transaction? transaction, out Refusal? refusal))
            {
                // Ethereum takes these two kinds; Basilisk runs no contracts and leaves type 1 out.
                Assert.True(refusal.Token is TransactionToken.ContractCreationUnsupported or TransactionToken.TypeUnsupported, $"{name}: {refusal}");
                outside.Add(name);
                continue;
            }

            Assert.True(vector.GetProperty("sender").GetString()!.Equals(transaction.Sender.ToString(), StringComparison.OrdinalIgnoreCase), name);
            Assert.Equal(vector.GetProperty("hash").GetString(), transaction.Hash.ToString());
            ulong gas = ulong.Parse(vector.GetProperty("gas").GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Assert.Equal(gas, transaction.IntrinsicGas);
            Assert.Equal(Bytes(vector), transaction.Encode());
            taken++;
        }

        Assert.Equal((43, 6), (taken, outside.Count));
    }

    [Fact]
    public void Invalid_transactions_are_refused()
    {
        int refused = 0;
        int otherChain = 0;
        foreach (JsonElement vector in Vectors(valid: false))
        {
            if (!Transaction.Decode(Bytes(vector)).TryGet(out Transaction? transaction, out _))
            {
                refused++;
                continue;
            }

            // The vectors are judged on chain 1, which decoding does not know: that rule is TransactionRules'.
            Assert.True(vector.GetProperty("exception").GetString() == "TransactionException.INVALID_CHAINID", vector.GetProperty("name").GetString());
            Assert.True(transaction.ChainId is not (null or 1), vector.GetProperty("name").GetString());
            otherChain++;
        }

        Assert.Equal((159, true), (refused + otherChain, otherChain < 25));
    }

    private static IEnumerable<JsonElement> Vectors(bool valid)
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("transactions/ethereum.json")));
        return [.. vectors.RootElement.EnumerateArray().Where(vector => vector.TryGetProperty("sender", out _) == valid).Select(vector => vector.Clone())];
    }

    private static byte[] Bytes(JsonElement vector)
    {
        string hex = vector.GetProperty("bytes").GetString()!;
        return Convert.FromHexString(hex.AsSpan(2));
    }
}
