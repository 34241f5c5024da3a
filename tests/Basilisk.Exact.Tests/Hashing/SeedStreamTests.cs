using System.Buffers.Binary;
using System.Security.Cryptography;
using Basilisk.Exact.Hashing;
using Xunit;

namespace Basilisk.Exact.Tests.Hashing;

public sealed class SeedStreamTests
{
    private static readonly Hash256 Seed = MerkleTree.LeafHash([1, 2, 3]);

    [Fact]
    public void Numbers_are_the_words_of_sha256_over_key_and_counter()
    {
        byte[] key = SHA256.HashData([5, .. "label"u8, .. Seed.ToArray(), 7, 0, 0, 0, 0, 0, 0, 0]);
        var stream = new SeedStream(Seed, "label", 7);
        for (byte block = 0; block < 3; block++)
        {
            byte[] expected = SHA256.HashData([.. key, block, 0, 0, 0, 0, 0, 0, 0]);
            for (int word = 0; word < 4; word++)
            {
                Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(expected.AsSpan(8 * word)), stream.NextUInt64());
            }
        }
    }

    [Fact]
    public void Labels_indices_and_seeds_give_different_streams()
    {
        ulong[] first =
        [
            new SeedStream(Seed, "a").NextUInt64(),
            new SeedStream(Seed, "b").NextUInt64(),
            new SeedStream(Seed, "a", 1).NextUInt64(),
            new SeedStream(Hash256.Zero, "a").NextUInt64(),
        ];
        Assert.Equal(4, first.Distinct().Count());
        Assert.Equal(first[0], new SeedStream(Seed, "a").NextUInt64());
    }

    [Theory]
    [InlineData(1ul)]
    [InlineData(3ul)]
    [InlineData(1000ul)]
    [InlineData((1ul << 63) + 1)]
    [InlineData(ulong.MaxValue)]
    public void Draws_lie_below_their_bound(ulong bound)
    {
        var stream = new SeedStream(Seed, "bound");
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(stream.NextBelow(bound) < bound);
        }
    }

    [Fact]
    public void Draws_at_or_above_the_largest_multiple_are_thrown_away()
    {
        // With a bound just above 2^63 every draw at or above it is refused: what comes out is the raw stream without those.
        const ulong bound = (1ul << 63) + 1;
        var raw = new SeedStream(Seed, "reject");
        var stream = new SeedStream(Seed, "reject");
        int refused = 0;
        for (int i = 0; i < 200; i++)
        {
            ulong next = raw.NextUInt64();
            while (next >= bound)
            {
                refused++;
                next = raw.NextUInt64();
            }

            Assert.Equal(next, stream.NextBelow(bound));
        }

        Assert.InRange(refused, 100, 300);
    }

    [Fact]
    public void Every_remainder_is_equally_likely()
    {
        var stream = new SeedStream(Seed, "uniform");
        var counts = new int[10];
        for (int i = 0; i < 10_000; i++)
        {
            counts[stream.NextBelow(10)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 850, 1150)); // 1,000 ± 5 standard deviations
    }
}
