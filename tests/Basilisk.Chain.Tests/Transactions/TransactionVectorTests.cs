using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Chain.Tests.Transactions;

/// <summary>Transactions that ethers signed: both directions must give its bytes.</summary>
public sealed class TransactionVectorTests
{
    [Fact]
    public void Transactions_of_another_library_decode_to_its_fields()
    {
        using JsonDocument vectors = Load();
        foreach (JsonElement vector in vectors.RootElement.EnumerateArray())
        {
            byte[] raw = Bytes(vector, "raw");
            Assert.True(Transaction.Decode(raw).TryGet(out Transaction? transaction, out _));
            Assert.Equal(Text(vector, "hash"), transaction.Hash.ToString());
            Assert.Equal(Text(vector, "signingHash"), transaction.Body.SigningHash.ToString());
            Assert.Equal(Text(vector, "from"), transaction.Sender.ToString());
            Assert.Equal(vector.GetProperty("type").GetInt32(), (int)transaction.Type);
            Assert.Equal(Text(vector, "chainId"), transaction.ChainId!.Value.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(Text(vector, "to"), transaction.To.ToString());
            Assert.Equal(Text(vector, "value"), transaction.Value.ToString());
            Assert.Equal(Text(vector, "data"), "0x" + Convert.ToHexStringLower(transaction.Data.Span));
            Assert.Equal(Text(vector, "r"), transaction.Signature.R.ToString());
            Assert.Equal(Text(vector, "s"), transaction.Signature.S.ToString());
            Assert.Equal(vector.GetProperty("yParity").GetInt32(), transaction.Signature.RecoveryId);
            Assert.Equal(raw, transaction.Encode());
        }
    }

    [Fact]
    public void Signing_the_same_fields_gives_the_same_bytes()
    {
        using JsonDocument vectors = Load();
        int count = 0;
        foreach (JsonElement vector in vectors.RootElement.EnumerateArray())
        {
            using PrivateKey key = PrivateKey.FromBytes(Bytes(vector, "key"));
            ulong chainId = Number(vector, "chainId");
            ulong nonce = Number(vector, "nonce");
            ulong gasLimit = Number(vector, "gasLimit");
            Address to = Address.Parse(Text(vector, "to"));
            UInt256 value = UInt256.Parse(Text(vector, "value"));
            byte[] data = Bytes(vector, "data");
            UnsignedTransaction body = vector.GetProperty("type").GetInt32() == 0
                ? UnsignedTransaction.Legacy(chainId, nonce, UInt256.Parse(Text(vector, "gasPrice")), gasLimit, to, value, data)
                : UnsignedTransaction.DynamicFee(
                    chainId, nonce, UInt256.Parse(Text(vector, "maxPriorityFeePerGas")), UInt256.Parse(Text(vector, "maxFeePerGas")), gasLimit, to, value, data) with
                {
                    AccessList = AccessList(vector.GetProperty("accessList")),
                };
            Assert.Equal(Text(vector, "raw"), "0x" + Convert.ToHexStringLower(body.Sign(key).Encode()));
            count++;
        }

        Assert.Equal(64, count);
    }

    /// <summary>The example in the text of EIP-155.</summary>
    [Fact]
    public void The_example_of_eip_155_is_signed_to_its_bytes()
    {
        using PrivateKey key = PrivateKey.FromBytes(Convert.FromHexString(string.Concat(Enumerable.Repeat("46", 32))));
        UnsignedTransaction body = UnsignedTransaction.Legacy(
            1, 9, 20 * Bsk.Gwei, 21_000, Address.Parse("0x3535353535353535353535353535353535353535"), Bsk.Coin);
        Assert.Equal("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53", body.SigningHash.ToString());
        Transaction transaction = body.Sign(key);
        Assert.Equal(new UInt256(37), transaction.V);
        Assert.Equal(
            "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
            Convert.ToHexStringLower(transaction.Encode()));
    }

    private static JsonDocument Load() => JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("transactions/signed.json")));

    private static ImmutableArray<AccessListEntry> AccessList(JsonElement list) =>
    [
        .. list.EnumerateArray().Select(entry => new AccessListEntry(
            Address.Parse(Text(entry, "address")),
            [.. entry.GetProperty("storageKeys").EnumerateArray().Select(key => Hash256.Parse(key.GetString()!))])),
    ];

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    private static ulong Number(JsonElement vector, string name) => ulong.Parse(Text(vector, name), CultureInfo.InvariantCulture);

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(Text(vector, name).AsSpan(2));
}
