using System.Text;
using Basilisk.Wallet.Keystores;
using Xunit;

namespace Basilisk.Wallet.Tests.Keystores;

public sealed class ScryptTests
{
    /// <summary>RFC 7914, section 12.</summary>
    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Published_vectors_hold(string password, string salt, int n, int r, int p, string expected)
    {
        byte[] key = Scrypt.Derive(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), new ScryptParameters(n, r, p), 64, CancellationToken.None);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    [Fact]
    public void A_cancelled_derivation_stops() => Assert.Throws<OperationCanceledException>(
        () => Scrypt.Derive([], [], ScryptParameters.Standard, 32, new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(3, 8, 1, WalletToken.KeystoreMalformed)]
    [InlineData(1, 8, 1, WalletToken.KeystoreMalformed)]
    [InlineData(0, 8, 1, WalletToken.KeystoreMalformed)]
    [InlineData(int.MinValue, 8, 1, WalletToken.KeystoreMalformed)]
    [InlineData(1024, 0, 1, WalletToken.KeystoreMalformed)]
    [InlineData(1 << 30, 1024, 1, WalletToken.KeystoreDerivationTooCostly)]
    [InlineData(1 << 20, 8, 1, WalletToken.KeystoreDerivationTooCostly)]
    [InlineData(2, int.MaxValue, 1, WalletToken.KeystoreDerivationTooCostly)]
    [InlineData(2, 1, int.MaxValue, WalletToken.KeystoreDerivationTooCostly)]
    [InlineData(1 << 18, 8, 8, WalletToken.KeystoreDerivationTooCostly)]
    public void Costs_outside_their_caps_are_refused(int n, int r, int p, string token) =>
        Assert.Equal(token, new ScryptParameters(n, r, p).Check()!.Token);
}
