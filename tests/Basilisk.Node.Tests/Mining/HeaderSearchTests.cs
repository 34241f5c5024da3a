using System.Runtime.Intrinsics;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Node.Mining;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Mining;

public sealed class HeaderSearchTests
{
    /// <summary>Every kernel finds the first nonce that meets the target, also past the largest nonce.</summary>
    [Theory]
    [InlineData(SearchKernel.Vector256)]
    [InlineData(SearchKernel.Vector512)]
    public void Kernels_find_the_same_nonce_as_one_hash_at_a_time(SearchKernel kernel)
    {
        Assert.SkipUnless(kernel == SearchKernel.Vector256 ? Vector256.IsHardwareAccelerated : Vector512.IsHardwareAccelerated, $"This processor has no {kernel}.");
        var random = new Random(7);
        byte[] prefix = new byte[BlockHeader.PrefixSize];
        int found = 0;
        for (int i = 0; i < 60; i++)
        {
            random.NextBytes(prefix);
            ulong start = (i % 3) switch { 0 => (ulong)random.NextInt64(), 1 => ulong.MaxValue - (ulong)random.Next(64), _ => 0 };
            UInt256 target = UInt256.MaxValue >> random.Next(0, 10);
            ulong? scalar = new HeaderSearch(prefix, SearchKernel.Scalar).Search(start, 2048, target);
            Assert.Equal(scalar, new HeaderSearch(prefix, kernel).Search(start, 2048, target));
            found += scalar is null ? 0 : 1;
        }

        Assert.True(found > 40, $"only {found} found");
    }

    [Fact]
    public void A_search_goes_on_past_the_largest_nonce()
    {
        byte[] prefix = new byte[BlockHeader.PrefixSize];
        var search = new HeaderSearch(prefix);
        UInt256 target = UInt256.MaxValue >> 12;
        ulong first = search.Search(0, 1 << 20, target)!.Value;
        Assert.Null(search.Search(unchecked(0UL - 64), 64, target));
        Assert.Equal(first, search.Search(unchecked(0UL - 64), (long)first + 65, target));
    }

    [Fact]
    public async Task A_nonce_that_was_found_makes_a_valid_block_whose_hash_any_Keccak_confirms()
    {
        await using TestNode node = await TestNode.StartAsync();
        Block block = await node.MineAsync();
        Assert.True(UInt256.FromBigEndian(Keccak256.Hash(block.Header.Encode()).ToArray()) <= block.Header.Target.ToTarget());
    }
}
