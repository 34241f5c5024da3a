using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Chain.Tests.Signatures;

public sealed class SigningTests
{
    /// <summary>RFC 6979 with SHA-256 on this curve, as Bitcoin implementations publish them (s in the lower half).</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001", "Satoshi Nakamoto",
        "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8", "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001", "All those moments will be lost in time, like tears in rain. Time to die...",
        "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b", "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "Satoshi Nakamoto",
        "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0", "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5")]
    [InlineData("f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181", "Alan Turing",
        "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c", "58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea")]
    [InlineData("e91671c46231f833a6406ccbea0e3e392c76c167bac1cb013f6f1013980455c2", "There is a computer disease that anybody who works with computers knows about. It's a very serious disease and it interferes completely with the work. The trouble with computers is that you 'play' with them!",
        "b552edd27580141f3b2a5463048cb7cd3e047b97c9f98076c32dbdf85a68718b", "279fa72dd19bfae05577e06c7c0c1900c371fcd5893f7e1d56a37d30174671f6")]
    public void Signatures_are_those_of_rfc_6979(string key, string message, string r, string s)
    {
        using PrivateKey privateKey = PrivateKey.FromBytes(Convert.FromHexString(key));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(message));
        Signature signature = Secp256k1.Sign(hash, privateKey);
        byte[] bytes = signature.ToArray();
        Assert.Equal(r + s, Convert.ToHexStringLower(bytes.AsSpan(0, 64)));
        AssertRecovers(hash, signature, privateKey);
    }

    /// <summary>Ethereum's keyaddrtest. Its signatures are left out: no library of today recovers their signers from any hash of the empty string.</summary>
    [Fact]
    public void Keys_have_their_published_addresses()
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllText(VectorFiles.InRepository("secp256k1/keyaddrtest.json")));
        foreach (JsonElement vector in vectors.RootElement.EnumerateArray())
        {
            using PrivateKey key = PrivateKey.FromBytes(Convert.FromHexString(vector.GetProperty("key").GetString()!));
            Assert.Equal("0x" + vector.GetProperty("addr").GetString(), key.Address.ToString(), ignoreCase: true);
            Assert.Equal(key.Address, Address.FromPublicKey(key.PublicKey));
        }
    }

    [Fact]
    public void Random_keys_sign_verify_and_recover()
    {
        var random = new Random(6979);
        Span<byte> secret = stackalloc byte[32];
        var hash = new byte[32];
        for (int i = 0; i < 200; i++)
        {
            random.NextBytes(secret);
            secret[0] &= 0x7F;
            random.NextBytes(hash);
            using PrivateKey key = PrivateKey.FromBytes(secret);
            Signature signature = Secp256k1.Sign(hash, key);
            Assert.True(signature.IsLowS);
            AssertRecovers(hash, signature, key);

            // The other s is as valid to ECDSA; Ethereum's rule is a separate question.
            var mirrored = new Signature(signature.R, Signature.Order - signature.S, (byte)(signature.RecoveryId ^ 1));
            Assert.False(mirrored.IsLowS);
            AssertRecovers(hash, mirrored, key);

            hash[i % 32] ^= 1;
            Assert.False(Secp256k1.Verify(hash, signature, key.PublicKey));
        }
    }

    [Fact]
    public void Scalars_outside_their_range_are_no_signature()
    {
        using PrivateKey key = PrivateKey.FromBytes(UInt256.One.ToBigEndian());
        byte[] hash = Keccak256.Hash("range"u8).ToArray();
        Signature good = Secp256k1.Sign(hash, key);
        Span<byte> publicKey = stackalloc byte[64];
        Signature[] bad =
        [
            good with { R = UInt256.Zero }, good with { S = UInt256.Zero }, good with { R = Signature.Order },
            good with { S = Signature.Order }, good with { R = UInt256.MaxValue }, good with { S = UInt256.MaxValue },
        ];
        foreach (Signature signature in bad)
        {
            Assert.False(Secp256k1.Verify(hash, signature, key.PublicKey));
            Assert.False(Secp256k1.TryRecover(hash, signature, publicKey));
        }

        Assert.False(Secp256k1.TryRecover(hash, good with { RecoveryId = 4 }, publicKey));
        Assert.False(Secp256k1.TryRecover(hash, good with { RecoveryId = 2 }, publicKey)); // r + n is not below p
        Assert.False(Secp256k1.Verify(hash, good, new byte[64]));
        Assert.False(Secp256k1.Verify(hash, good, new byte[63]));
    }

    /// <summary>r + n below p happens once in 2¹²⁷ signatures, so the case is built instead of found.</summary>
    [Fact]
    public void A_nonce_point_whose_x_exceeds_the_order_is_recovered_by_its_second_bit()
    {
        byte[] hash = Keccak256.Hash("second bit"u8).ToArray();
        Span<byte> publicKey = stackalloc byte[64];
        int found = 0;
        for (ulong r = 1; r < 40; r++)
        {
            var signature = new Signature(r, 12345, 2);
            if (Secp256k1.TryRecover(hash, signature, publicKey))
            {
                Assert.True(Secp256k1.Verify(hash, signature, publicKey));
                found++;
            }
        }

        Assert.InRange(found, 5, 35);
    }

    [Fact]
    public void Keys_outside_their_range_are_refused()
    {
        Assert.False(PrivateKey.TryCreate(new byte[32], out _));
        Assert.False(PrivateKey.TryCreate(Signature.Order.ToBigEndian(), out _));
        Assert.False(PrivateKey.TryCreate(new byte[31], out _));
        Assert.Throws<ArgumentException>(() => PrivateKey.FromBytes(new byte[32]));
    }

    [Fact]
    public void A_disposed_key_is_zero_and_signs_no_more()
    {
        byte[] secret = Convert.FromHexString("f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181");
        PrivateKey key = PrivateKey.FromBytes(secret);
        Assert.DoesNotContain(Convert.ToHexStringLower(secret), key.ToString(), StringComparison.OrdinalIgnoreCase);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Secp256k1.Sign(new byte[32], key));
        Assert.Throws<ObjectDisposedException>(() => key.ExportTo(new byte[32]));
    }

    [Fact]
    public void Compressed_keys_survive_a_round_trip()
    {
        var random = new Random(33);
        Span<byte> compressed = stackalloc byte[33];
        Span<byte> back = stackalloc byte[64];
        for (int i = 1; i < 50; i++)
        {
            using PrivateKey key = PrivateKey.FromBytes(new UInt256((ulong)i * 7919).ToBigEndian());
            Secp256k1.Compress(key.PublicKey, compressed);
            Assert.True(Secp256k1.TryDecompress(compressed, back));
            Assert.Equal(key.PublicKey, back);
        }

        compressed[0] = 4;
        Assert.False(Secp256k1.TryDecompress(compressed, back));
        compressed.Fill(0xFF);
        compressed[0] = 2;
        Assert.False(Secp256k1.TryDecompress(compressed, back));
    }

    /// <summary>The two multiplications share no code above the field: they must agree on every multiple of G.</summary>
    [Fact]
    public void Public_keys_agree_with_double_and_add_over_big_integers()
    {
        BigInteger p = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 32) - 977;
        foreach (string hex in new[] { "01", "02", "03", "10", "ffff", "0fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140" })
        {
            BigInteger k = new(Convert.FromHexString(hex), isUnsigned: true, isBigEndian: true);
            (BigInteger x, BigInteger y) = PlainCurve.Multiply(k, p);
            using PrivateKey key = PrivateKey.FromBytes(((UInt256)k).ToBigEndian());
            Assert.Equal(x, new BigInteger(key.PublicKey[..32], isUnsigned: true, isBigEndian: true));
            Assert.Equal(y, new BigInteger(key.PublicKey[32..], isUnsigned: true, isBigEndian: true));
        }
    }

    private static void AssertRecovers(byte[] hash, Signature signature, PrivateKey key)
    {
        Span<byte> publicKey = stackalloc byte[64];
        Assert.True(Secp256k1.Verify(hash, signature, key.PublicKey));
        Assert.True(Secp256k1.TryRecover(hash, signature, publicKey));
        Assert.Equal(key.PublicKey, publicKey);
    }
}
