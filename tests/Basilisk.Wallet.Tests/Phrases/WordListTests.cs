using System.Security.Cryptography;
using Basilisk.Wallet.Phrases;
using Xunit;

namespace Basilisk.Wallet.Tests.Phrases;

public sealed class WordListTests
{
    [Fact]
    public void The_embedded_file_is_the_published_one()
    {
        using Stream file = WordList.Open();
        Assert.Equal(
            "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
            Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    [Fact]
    public void Words_are_found_at_their_place()
    {
        Assert.True(WordList.TryFind("abandon", out int first));
        Assert.True(WordList.TryFind("zoo", out int last));
        Assert.Equal((0, 2047), (first, last));
        Assert.False(WordList.TryFind("basilisk", out _));
    }
}
