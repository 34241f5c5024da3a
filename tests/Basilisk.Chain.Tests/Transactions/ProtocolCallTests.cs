using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rounds;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Chain.Tests.Transactions;

public sealed class ProtocolCallTests
{
    /// <summary>Calldata as ethers' ABI coder writes it.</summary>
    [Fact]
    public void Calldata_is_that_of_the_solidity_abi()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("transactions/protocol-calls.json")));
        JsonElement commit = vectors.RootElement.GetProperty("commit");
        JsonElement reveal = vectors.RootElement.GetProperty("reveal");
        var commitCall = new CommitCall(Hash(commit, "unit"), Hash(commit, "commitment"));
        var revealCall = new RevealCall(Hash(reveal, "unit"), Hash(reveal, "payloadHash"), Hash(reveal, "salt"));
        Assert.Equal(commit.GetProperty("data").GetString(), "0x" + Convert.ToHexStringLower(commitCall.Encode()));
        Assert.Equal(reveal.GetProperty("data").GetString(), "0x" + Convert.ToHexStringLower(revealCall.Encode()));
        Assert.Equal(commitCall, ProtocolCall.Decode(commitCall.Encode()).Value);
        Assert.Equal(revealCall, ProtocolCall.Decode(revealCall.Encode()).Value);
    }

    /// <summary>A commitment as Solidity's packed encoding hashes it, by ethers.</summary>
    [Fact]
    public void Commitments_are_packed_hashes()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("transactions/protocol-calls.json")));
        JsonElement commitment = vectors.RootElement.GetProperty("commitment");
        byte[] payload = Convert.FromHexString(commitment.GetProperty("payload").GetString()!.AsSpan(2));
        Address miner = Address.Parse(commitment.GetProperty("miner").GetString()!);
        Assert.Equal(Hash(commitment, "value"), Commitment.Of(payload, Hash(commitment, "salt"), miner, Hash(commitment, "modelRoot")));
    }

    [Fact]
    public void Calldata_of_another_form_is_refused()
    {
        byte[] commit = new CommitCall(default, default).Encode();
        byte[] reveal = new RevealCall(default, default, default).Encode();
        Refused([], TransactionToken.ProtocolCallUnknown);
        Refused(commit[..3], TransactionToken.ProtocolCallUnknown);
        Refused([0, .. commit[1..]], TransactionToken.ProtocolCallUnknown);
        Refused([.. commit, 0], TransactionToken.ProtocolCallLength);
        Refused(commit[..^1], TransactionToken.ProtocolCallLength);
        Refused(reveal[..68], TransactionToken.ProtocolCallLength);
    }

    [Fact]
    public void Only_transactions_to_the_protocol_are_calls()
    {
        using PrivateKey key = PrivateKey.FromBytes(UInt256.One.ToBigEndian());
        byte[] data = new CommitCall(default, default).Encode();
        UnsignedTransaction call = UnsignedTransaction.DynamicFee(1, 0, 0, 0, 100_000, ProtocolCall.Address, 0, data);
        Assert.IsType<CommitCall>(ProtocolCall.Read(call.Sign(key)).Value);
        Assert.Null(ProtocolCall.Read((call with { To = key.Address }).Sign(key)).Value);
        Assert.Equal(TransactionToken.ProtocolCallUnknown, ProtocolCall.Read((call with { Data = default }).Sign(key)).Refusal!.Token);
    }

    private static void Refused(byte[] data, string token)
    {
        Refusal? refusal = ProtocolCall.Decode(data).Refusal;
        Assert.Equal(token, refusal?.Token);
    }

    private static Hash256 Hash(JsonElement element, string name) => Hash256.Parse(element.GetProperty(name).GetString()!);
}
