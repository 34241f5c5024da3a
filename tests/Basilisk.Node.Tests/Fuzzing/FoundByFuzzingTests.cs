using System.Text;
using System.Text.Json;
using Basilisk.Node.Api;
using Basilisk.Node.Failures;
using Basilisk.Node.Fuzzing;
using Basilisk.Node.Genesis;
using Basilisk.Wallet;
using Basilisk.Wallet.Keystores;
using Xunit;

namespace Basilisk.Node.Tests.Fuzzing;

/// <summary>What runs against the decoders found, each held by the input that showed it.</summary>
public sealed class FoundByFuzzingTests(FuzzSamplesFixture fixture) : IClassFixture<FuzzSamplesFixture>
{
    [Theory]
    [InlineData("json-rpc", """{"jsonrpc":"2.0","id":1,"method":"\ud800"}""", "json-malformed")]
    [InlineData("json-rpc", """{"jsonrpc":"2.0","id":"\udc00x","method":"eth_chainId"}""", "json-malformed")]
    [InlineData("json-rpc", """{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["\ud800","latest"]}""", "json-malformed")]
    [InlineData("json-rpc", """[{"jsonrpc":"\ud800","id":1,"method":"eth_chainId"}]""", "json-malformed")]
    [InlineData("chat-body", """{"model":"\ud800","messages":[{"role":"user","content":"hi"}]}""", "json_malformed")]
    [InlineData("chat-body", """{"model":"basilisk","messages":[{"role":"user","content":"\ud800"}]}""", "json_malformed")]
    [InlineData("completion-body", """{"model":"basilisk","prompt":"\udfff"}""", "json_malformed")]
    [InlineData("keystore", """{"version":3,"crypto":{"\ud800":1}}""", WalletToken.KeystoreMalformed)]
    [InlineData("keystore", """{"version":3,"crypto":{"cipher":"\ud800"}}""", WalletToken.KeystoreMalformed)]
    [InlineData("network-file", """{"preset":"dev","name":"a","chainId":7,"genesisTime":1,"recipe":{"depth":4,"vocabulary":1024,"context":128,"holdoutPermille":20,"judgingWindows":128}}""", "network-file-unreadable")]
    [InlineData("network-file", """{"preset":"\ud800","name":"a","chainId":7,"genesisTime":1}""", "network-file-unreadable")]
    public void Is_refused_with_its_token(string target, string input, string token)
    {
        FuzzVerdict verdict = FuzzTargets.All.Single(each => each.Name == target).Decode(fixture.Samples, Encoding.UTF8.GetBytes(input));
        Assert.Equal(FuzzVerdict.Refused(token), verdict);
    }

    [Fact]
    public void A_string_that_is_no_UTF8_is_no_JSON() =>
        Assert.Throws<JsonException>(() => RequestJson.Parse(new byte[] { (byte)'"', 0xFF, (byte)'"' }, default));

    [Theory]
    [InlineData("""["\ud83d\ude00"]""", "😀")]
    [InlineData("""["\\ud800"]""", "\\ud800")]
    [InlineData("""["\u0041\n"]""", "A\n")]
    [InlineData("""["a\""]""", "a\"")]
    public void Whole_pairs_and_other_escapes_are_read(string json, string text)
    {
        using JsonDocument document = RequestJson.Parse(Encoding.UTF8.GetBytes(json), default);
        Assert.Equal(text, document.RootElement[0].GetString());
    }

    [Theory]
    [InlineData("\"\\ud83d\\u0041\"")]
    [InlineData("\"\\ud83d\\ud83d\"")]
    [InlineData("\"\\ud83d")]
    [InlineData("\"\\ud83dx\\ude00\"")]
    public void Halves_of_pairs_are_no_JSON(string json) => Assert.ThrowsAny<JsonException>(() => RequestJson.Parse(Encoding.UTF8.GetBytes(json), default));

    [Fact]
    public void A_recipe_with_a_seed_that_is_no_hash_is_refused_before_its_options_are_made()
    {
        const string Text = """{"preset":"dev","name":"a","chainId":7,"genesisTime":1,"recipe":{"depth":4,"vocabulary":1024,"context":128,"holdoutPermille":20,"judgingWindows":128,"seed":"0x12"}}""";
        Assert.Contains("seed", Assert.Throws<NetworkFileUnreadableException>(() => NetworkFolder.Parse("network.json", Text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_keystore_with_half_a_pair_in_its_address_is_refused_and_names_no_account()
    {
        string whole = Encoding.UTF8.GetString(fixture.Samples.Keystores()[0]);
        string text = whole.Replace(Convert.ToHexStringLower(KeystoreV3.ReadAddress(whole)!.Value.ToArray()), "\\ud800", StringComparison.Ordinal);
        Assert.NotEqual(whole, text);
        Assert.Null(KeystoreV3.ReadAddress(text));
        Assert.Equal(WalletToken.KeystoreMalformed, KeystoreV3.Decrypt(text, "x").Refusal?.Token);
    }
}
