using Basilisk.Chain.Primitives;
using Xunit;

namespace Basilisk.Chain.Tests.Primitives;

public sealed class AddressTests
{
    /// <summary>The examples of EIP-55.</summary>
    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    public void Eip_55_text_survives_a_round_trip(string text)
    {
        Address address = Address.Parse(text);
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, Address.Parse(text.ToLowerInvariant()));
        Assert.Equal(address, Address.Parse("0x" + text[2..].ToUpperInvariant()));
        Assert.Equal(address, new Address(address.ToArray()));
    }

    [Theory]
    [InlineData("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")] // one letter in the wrong case
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    [InlineData("")]
    [InlineData(null)]
    public void Text_with_a_wrong_checksum_or_shape_is_no_address(string? text) => Assert.False(Address.TryParse(text, out _));

    [Fact]
    public void Addresses_are_ordered_as_numbers()
    {
        Address low = Address.Parse("0x00000000000000000000000000000000000000ff");
        Address high = Address.Parse("0x0000000000000000000000000000000000000100");
        Assert.True(low < high);
        Assert.True(Address.Zero < low);
        Assert.True(Address.Zero.IsZero);
    }
}
