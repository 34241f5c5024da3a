using System.Text.Json;
using Basilisk.Chain.Signatures;
using Basilisk.Testing;
using Basilisk.Wallet.Derivation;
using Basilisk.Wallet.Phrases;
using Xunit;

namespace Basilisk.Wallet.Tests.Derivation;

public sealed class DerivationTests
{
    [Fact]
    public void Bip_32_vectors_give_their_keys_and_chain_codes()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("bip32/vectors.json")));
        int count = 0;
        foreach (JsonElement vector in vectors.RootElement.EnumerateArray())
        {
            using ExtendedKey master = ExtendedKey.FromSeed(Convert.FromHexString(vector.GetProperty("seed").GetString()!));
            foreach (JsonElement chain in vector.GetProperty("chains").EnumerateArray())
            {
                DerivationPath path = DerivationPath.Parse(chain.GetProperty("path").GetString()!).Value;
                using ExtendedKey key = master.Derive(path);

                // version 4, depth 1, fingerprint 4, child 4, chain code 32, then 0 and the key, or the compressed public key
                byte[] xprv = Base58Check.Decode(chain.GetProperty("xprv").GetString()!);
                byte[] xpub = Base58Check.Decode(chain.GetProperty("xpub").GetString()!);
                var secret = new byte[PrivateKey.Size];
                key.Key.ExportTo(secret);
                var compressed = new byte[33];
                Secp256k1.Compress(key.Key.PublicKey, compressed);
                Assert.Equal(xprv[46..], secret);
                Assert.Equal(xpub[45..], compressed);
                Assert.Equal(xprv[13..45], key.ChainCode.ToArray());
                Assert.Equal(xprv[4], key.Depth);
                count++;
            }
        }

        Assert.InRange(count, 15, 30);
    }

    /// <summary>The accounts that Hardhat, Foundry and Ganache print for their test phrase.</summary>
    [Theory]
    [InlineData(0, "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    [InlineData(1, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8")]
    [InlineData(2, "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")]
    public void A_phrase_has_the_accounts_that_other_wallets_show(uint index, string address)
    {
        RecoveryPhrase phrase = RecoveryPhrase.Parse("test test test test test test test test test test test junk").Value;
        using PrivateKey key = PhraseAccounts.Derive(phrase, index);
        Assert.Equal(address, key.Address.ToString());
    }

    [Theory]
    [InlineData("m")]
    [InlineData("m/44'/60'/0'/0/7")]
    [InlineData("m/2147483647'/0")]
    public void Paths_survive_a_round_trip(string text) => Assert.Equal(text, DerivationPath.Parse(text).Value.ToString());

    [Fact]
    public void Ethereum_s_path_is_that_of_bip_44() => Assert.Equal("m/44'/60'/0'/0/3", DerivationPath.Ethereum(3).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("44'/60'")]
    [InlineData("m/")]
    [InlineData("m/-1")]
    [InlineData("m/2147483648")]
    [InlineData("m/1''")]
    [InlineData("m/1/1/1/1/1/1/1/1/1/1/1/1/1/1/1/1/1")]
    public void Text_that_is_no_path_is_refused(string text) =>
        Assert.Equal(WalletToken.PathMalformed, DerivationPath.Parse(text).Refusal!.Token);

    [Fact]
    public void A_disposed_extended_key_is_zero()
    {
        ExtendedKey key = ExtendedKey.FromSeed(new byte[32]);
        key.Dispose();
        Assert.True(key.ChainCode.IndexOfAnyExcept((byte)0) < 0);
        Assert.Throws<ObjectDisposedException>(() => key.Child(0));
    }
}
