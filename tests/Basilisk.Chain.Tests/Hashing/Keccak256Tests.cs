using System.Security.Cryptography;
using System.Text;
using Basilisk.Chain.Hashing;
using Xunit;

namespace Basilisk.Chain.Tests.Hashing;

public sealed class Keccak256Tests
{
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("The quick brown fox jumps over the lazy dog", "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")]
    public void Known_answers(string text, string hash) =>
        Assert.Equal(hash, Keccak256.Hash(Encoding.ASCII.GetBytes(text)).ToString());

    /// <summary>Checks the permutation against the operating system's SHA3-256, which differs only in its padding byte.</summary>
    [Fact]
    public void The_permutation_agrees_with_sha3_of_the_platform()
    {
        if (!SHA3_256.IsSupported)
        {
            Assert.Skip("This platform has no SHA3-256 to compare with.");
        }

        var random = new Random(3);
        for (int length = 0; length < Keccak256.Rate; length++)
        {
            var block = new byte[Keccak256.Rate];
            random.NextBytes(block.AsSpan(0, length));
            byte[] expected = SHA3_256.HashData(block.AsSpan(0, length));
            block[length] ^= 0x06;
            block[^1] ^= 0x80;
            KeccakLanes lanes = default;
            for (int i = 0; i < Keccak256.Rate / 8; i++)
            {
                lanes[i] = BitConverter.ToUInt64(block, 8 * i);
            }

            KeccakPermutation.Permute(ref lanes);
            byte[] actual = [.. Enumerable.Range(0, 4).SelectMany(i => BitConverter.GetBytes(lanes[i]))];
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Absorbing_in_pieces_gives_the_hash_of_the_whole()
    {
        var random = new Random(4);
        for (int i = 0; i < 2_000; i++)
        {
            var message = new byte[random.Next(0, 700)];
            random.NextBytes(message);
            KeccakState state = default;
            for (int from = 0; from < message.Length;)
            {
                int take = Math.Min(random.Next(0, 200), message.Length - from);
                state.Absorb(message.AsSpan(from, take));
                from += take;
            }

            Assert.Equal(Keccak256.Hash(message), Keccak256.Finish(ref state));
            int cut = random.Next(0, message.Length + 1);
            Assert.Equal(Keccak256.Hash(message), Keccak256.HashJoined(message.AsSpan(0, cut), message.AsSpan(cut)));
        }
    }

    [Fact]
    public void A_copied_state_goes_on_by_itself()
    {
        KeccakState prefix = default;
        prefix.Absorb("header without its nonce"u8);
        KeccakState first = prefix;
        first.Absorb("1"u8);
        KeccakState second = prefix;
        second.Absorb("2"u8);
        Assert.Equal(Keccak256.Hash("header without its nonce1"u8), Keccak256.Finish(ref first));
        Assert.Equal(Keccak256.Hash("header without its nonce2"u8), Keccak256.Finish(ref second));
    }
}
