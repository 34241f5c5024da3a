using System.Text.Json;
using Basilisk.Chain.Signatures;
using Basilisk.Testing;
using Basilisk.Wallet.Messages;
using Xunit;

namespace Basilisk.Wallet.Tests.Messages;

public sealed class PersonalMessageTests
{
    /// <summary>Messages that ethers signed.</summary>
    [Fact]
    public void Signed_messages_are_those_of_another_library()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("wallet/personal-sign.json")));
        foreach (JsonElement vector in vectors.RootElement.EnumerateArray())
        {
            using PrivateKey key = PrivateKey.FromBytes(Convert.FromHexString(vector.GetProperty("key").GetString()!.AsSpan(2)));
            string message = vector.GetProperty("message").GetString()!;
            string signature = vector.GetProperty("signature").GetString()!;
            Assert.Equal(vector.GetProperty("hash").GetString(), PersonalMessage.Hash(message).ToString());
            Assert.Equal(signature, "0x" + Convert.ToHexStringLower(PersonalMessage.Sign(message, key)));
            byte[] bytes = Convert.FromHexString(signature.AsSpan(2));
            Assert.Equal(vector.GetProperty("address").GetString(), PersonalMessage.Recover(message, bytes).Value.ToString());
            Assert.NotEqual(key.Address, PersonalMessage.Recover(message + " ", bytes).Value);
        }
    }

    [Fact]
    public void Malformed_signatures_are_refused()
    {
        Assert.Equal(WalletToken.SignatureMalformed, PersonalMessage.Recover("m", new byte[64]).Refusal!.Token);
        byte[] wrongV = new byte[65];
        wrongV[64] = 29;
        Assert.Equal(WalletToken.SignatureMalformed, PersonalMessage.Recover("m", wrongV).Refusal!.Token);
        byte[] highS = new byte[65];
        highS.AsSpan(32, 32).Fill(0xFE);
        Assert.Equal(WalletToken.SignatureMalformed, PersonalMessage.Recover("m", highS).Refusal!.Token);
        Assert.Equal(WalletToken.SignatureNotRecoverable, PersonalMessage.Recover("m", new byte[65]).Refusal!.Token);
    }
}
