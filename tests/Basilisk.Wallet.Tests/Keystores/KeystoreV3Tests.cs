using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Testing;
using Basilisk.Wallet.Keystores;
using Xunit;

namespace Basilisk.Wallet.Tests.Keystores;

public sealed class KeystoreV3Tests
{
    /// <summary>Ethereum's shared keystore tests: scrypt, pbkdf2, odd counters, another wallet's file.</summary>
    [Fact]
    public void Keystores_of_other_wallets_open()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("keystore/basic_tests.json")));
        foreach (JsonProperty vector in vectors.RootElement.EnumerateObject())
        {
            string json = vector.Value.GetProperty("json").GetRawText();
            using PrivateKey key = KeystoreV3.Decrypt(json, vector.Value.GetProperty("password").GetString()!).Value;
            Assert.Equal(vector.Value.GetProperty("priv").GetString(), Secret(key));
        }
    }

    /// <summary>A file that ethers 6 wrote, with a capital "Crypto" and its own extra fields.</summary>
    [Fact]
    public void A_keystore_of_ethers_opens()
    {
        using JsonDocument vector = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("wallet/ethers-keystore.json")));
        using PrivateKey key = KeystoreV3.Decrypt(
            vector.RootElement.GetProperty("json").GetString()!, vector.RootElement.GetProperty("password").GetString()!).Value;
        Assert.Equal(vector.RootElement.GetProperty("key").GetString(), "0x" + Secret(key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("correct horse battery staple")]
    [InlineData("пароль Ünïcödé 密码 🐍")]
    public void A_written_keystore_opens_with_its_password_only(string password)
    {
        using PrivateKey key = NewKey();
        string json = Write(key, password);
        using PrivateKey opened = KeystoreV3.Decrypt(json, password).Value;
        Assert.Equal(Secret(key), Secret(opened));
        Assert.Equal(key.Address, KeystoreV3.ReadAddress(json));
        Assert.DoesNotContain(Secret(key), json, StringComparison.OrdinalIgnoreCase);

        Refusal refusal = KeystoreV3.Decrypt(json, password + "x").Refusal!;
        Assert.Equal(WalletToken.KeystoreWrongPassword, refusal.Token);
        if (password.Length > 0)
        {
            Assert.DoesNotContain(password, refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_password_opens_in_either_unicode_form()
    {
        using PrivateKey key = NewKey();
        using PrivateKey opened = KeystoreV3.Decrypt(Write(key, "\u00e9"), "e\u0301").Value;
        Assert.Equal(Secret(key), Secret(opened));
    }

    [Theory]
    [InlineData("version", "4", WalletToken.KeystoreVersionUnsupported)]
    [InlineData("version", null, WalletToken.KeystoreMalformed)]
    [InlineData("crypto", null, WalletToken.KeystoreMalformed)]
    [InlineData("crypto.cipher", "\"aes-256-gcm\"", WalletToken.KeystoreCipherUnsupported)]
    [InlineData("crypto.kdf", "\"argon2id\"", WalletToken.KeystoreDerivationUnsupported)]
    [InlineData("crypto.mac", "\"00\"", WalletToken.KeystoreMalformed)]
    [InlineData("crypto.mac", "\"zz\"", WalletToken.KeystoreMalformed)]
    [InlineData("crypto.ciphertext", "\"\"", WalletToken.KeystoreMalformed)]
    [InlineData("crypto.cipherparams.iv", "7", WalletToken.KeystoreMalformed)]
    [InlineData("crypto.kdfparams.n", "1000", WalletToken.KeystoreMalformed)]
    [InlineData("crypto.kdfparams.n", "1073741824", WalletToken.KeystoreDerivationTooCostly)]
    [InlineData("crypto.kdfparams.n", "1e99", WalletToken.KeystoreMalformed)]
    [InlineData("crypto.kdfparams.dklen", "16", WalletToken.KeystoreMalformed)]
    [InlineData("crypto.kdfparams.salt", null, WalletToken.KeystoreMalformed)]
    [InlineData("address", "\"0000000000000000000000000000000000000001\"", WalletToken.KeystoreAddressMismatch)]
    public void A_changed_field_is_refused_with_its_token(string path, string? value, string token)
    {
        using PrivateKey key = NewKey();
        JsonNode root = JsonNode.Parse(Write(key, "pw"))!;
        string[] names = path.Split('.');
        JsonNode parent = names[..^1].Aggregate(root, (node, name) => node[name]!);
        parent[names[^1]] = value is null ? null : JsonNode.Parse(value);
        Assert.Equal(token, KeystoreV3.Decrypt(root.ToJsonString(), "pw").Refusal?.Token);
    }

    [Theory]
    [InlineData("pbkdf2", "hmac-sha256", 2_000_000_000, WalletToken.KeystoreDerivationTooCostly)]
    [InlineData("pbkdf2", "hmac-sha256", 0, WalletToken.KeystoreMalformed)]
    [InlineData("pbkdf2", "hmac-md5", 1000, WalletToken.KeystoreDerivationUnsupported)]
    public void Pbkdf2_has_its_caps(string kdf, string prf, int iterations, string token)
    {
        using PrivateKey key = NewKey();
        JsonNode root = JsonNode.Parse(Write(key, "pw"))!;
        root["crypto"]!["kdf"] = kdf;
        root["crypto"]!["kdfparams"]!["prf"] = prf;
        root["crypto"]!["kdfparams"]!["c"] = iterations;
        Assert.Equal(token, KeystoreV3.Decrypt(root.ToJsonString(), "pw").Refusal?.Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"version\":3,\"crypto\":[]}")]
    public void Text_that_is_no_keystore_is_refused(string text)
    {
        Assert.Equal(WalletToken.KeystoreMalformed, KeystoreV3.Decrypt(text, "pw").Refusal!.Token);
        Assert.Null(KeystoreV3.ReadAddress(text));
    }

    [Fact]
    public void A_file_too_large_is_not_read() =>
        Assert.Equal(WalletToken.KeystoreTooLarge, KeystoreV3.Decrypt(new string(' ', 70_000), "pw").Refusal!.Token);

    [Fact]
    public void Damaged_keystores_never_throw()
    {
        using PrivateKey key = NewKey();
        string good = Write(key, "pw", new ScryptParameters(2, 1, 1));
        var random = new Random(3);
        for (int i = 0; i < 2_000; i++)
        {
            char[] text = good.ToCharArray();
            text[random.Next(text.Length)] = (char)random.Next(32, 127);
            Verdict<PrivateKey> verdict = KeystoreV3.Decrypt(new string(text), "pw");
            if (verdict.TryGet(out PrivateKey? opened, out Refusal? refusal))
            {
                opened.Dispose(); // a change in letter case, the id, or a name that is not read
            }
            else
            {
                Assert.StartsWith("keystore-", refusal.Token, StringComparison.Ordinal);
            }
        }
    }

    internal static byte[] Deterministic(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(17 + (i * 31)))];

    private static PrivateKey NewKey() => PrivateKey.FromBytes(new UInt256(0xB51C).ToBigEndian());

    private static string Write(PrivateKey key, string password, ScryptParameters? costs = null) =>
        KeystoreV3.Encrypt(key, password, costs ?? new ScryptParameters(16, 8, 1), Deterministic);

    private static string Secret(PrivateKey key)
    {
        var bytes = new byte[PrivateKey.Size];
        key.ExportTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
