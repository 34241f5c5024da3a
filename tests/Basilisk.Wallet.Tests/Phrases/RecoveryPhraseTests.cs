using System.Text.Json;
using Basilisk.Chain.Refusals;
using Basilisk.Testing;
using Basilisk.Wallet.Phrases;
using Xunit;

namespace Basilisk.Wallet.Tests.Phrases;

public sealed class RecoveryPhraseTests
{
    [Fact]
    public void Trezor_vectors_hold_from_entropy_to_seed()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("bip39/vectors.json")));
        int count = 0;
        foreach (JsonElement vector in vectors.RootElement.GetProperty("english").EnumerateArray())
        {
            RecoveryPhrase phrase = RecoveryPhrase.FromEntropy(Convert.FromHexString(vector[0].GetString()!));
            Assert.Equal(vector[1].GetString(), string.Join(' ', phrase.Words));
            Assert.Equal(vector[2].GetString(), Convert.ToHexStringLower(phrase.ToSeed("TREZOR")));
            Assert.Equal(phrase.Words, RecoveryPhrase.Parse(vector[1].GetString()!).Value.Words);
            count++;
        }

        Assert.Equal(24, count);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(15)]
    [InlineData(18)]
    [InlineData(21)]
    [InlineData(24)]
    public void New_phrases_of_every_length_are_valid(int words)
    {
        var random = new Random(words);
        for (int i = 0; i < 50; i++)
        {
            RecoveryPhrase phrase = RecoveryPhrase.Create(words, count =>
            {
                var bytes = new byte[count];
                random.NextBytes(bytes);
                return bytes;
            });
            Assert.Equal(words, phrase.Words.Count);
            Assert.False(RecoveryPhrase.Parse(string.Join(' ', phrase.Words)).IsRefused);
        }
    }

    [Fact]
    public void Phrases_are_read_as_people_type_them() =>
        Assert.False(RecoveryPhrase.Parse("  Test test TEST test\ttest test test test\ntest test test junk ").IsRefused);

    [Fact]
    public void A_word_outside_the_list_is_named()
    {
        Refusal refusal = RecoveryPhrase.Parse("test test test test test tset test test test test test junk").Refusal!;
        Assert.Equal(WalletToken.PhraseWordUnknown, refusal.Token);
        Assert.Contains("'tset'", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(6, refusal.Seen);
    }

    [Fact]
    public void A_wrong_checksum_names_the_word_that_carries_it()
    {
        Refusal refusal = RecoveryPhrase.Parse("test test test test test test test test test test test test").Refusal!;
        Assert.Equal(WalletToken.PhraseChecksum, refusal.Token);
        Assert.Contains("'test'", refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abandon")]
    [InlineData("test test test test test test test test test test test test junk")]
    public void Another_number_of_words_is_refused(string text) =>
        Assert.Equal(WalletToken.PhraseLength, RecoveryPhrase.Parse(text).Refusal!.Token);

    [Fact]
    public void Bad_arguments_of_the_caller_throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RecoveryPhrase.Create(13, count => new byte[count]));
        Assert.Throws<ArgumentException>(() => RecoveryPhrase.FromEntropy(new byte[17]));
    }

    [Fact]
    public void Passphrases_are_normalised()
    {
        RecoveryPhrase phrase = RecoveryPhrase.FromEntropy(new byte[16]);
        Assert.Equal(phrase.ToSeed("\u00e9"), phrase.ToSeed("e\u0301")); // é, composed and not
        Assert.NotEqual(phrase.ToSeed("e"), phrase.ToSeed("e\u0301"));
    }

    [Fact]
    public void A_phrase_does_not_print_its_words() =>
        Assert.Equal("recovery phrase of 12 words", RecoveryPhrase.FromEntropy(new byte[16]).ToString());
}
