using Basilisk.Exact.Hashing;
using Xunit;

namespace Basilisk.Exact.Tests.Hashing;

public sealed class MerkleTreeTests
{
    // Leaves and roots of the reference tests of Certificate Transparency (RFC 6962).
    private static readonly string[] Leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void Roots_are_those_of_certificate_transparency()
    {
        for (int count = 1; count <= Leaves.Length; count++)
        {
            var tree = new MerkleTree([.. Leaves.Take(count).Select(leaf => MerkleTree.LeafHash(Convert.FromHexString(leaf)))]);
            Assert.Equal(Hash256.Parse(Roots[count - 1]), tree.Root);
        }
    }

    [Fact]
    public void The_root_of_nothing_is_the_hash_of_nothing() =>
        Assert.Equal(Hash256.Parse("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), new MerkleTree([]).Root);

    [Fact]
    public void Every_leaf_of_trees_up_to_forty_is_proven_and_no_other_leaf_or_place_is()
    {
        for (int count = 1; count <= 40; count++)
        {
            Hash256[] leaves = [.. Enumerable.Range(0, count).Select(i => MerkleTree.LeafHash([(byte)i]))];
            var tree = new MerkleTree(leaves);
            for (int i = 0; i < count; i++)
            {
                MerkleProof proof = tree.Prove(i);
                Assert.True(MerkleTree.Verify(tree.Root, leaves[i], proof));
                Assert.False(MerkleTree.Verify(tree.Root, MerkleTree.LeafHash([(byte)i, 1]), proof));
                for (int other = 0; other < count; other++)
                {
                    Assert.Equal(other == i, MerkleTree.Verify(tree.Root, leaves[i], proof with { Index = other }));
                }
            }
        }
    }

    [Fact]
    public void Longer_shorter_and_altered_proofs_are_refused()
    {
        Hash256[] leaves = [.. Enumerable.Range(0, 11).Select(i => MerkleTree.LeafHash([(byte)i]))];
        var tree = new MerkleTree(leaves);
        MerkleProof proof = tree.Prove(6);
        Assert.False(MerkleTree.Verify(tree.Root, leaves[6], proof with { Siblings = [.. proof.Siblings, Hash256.Zero] }));
        Assert.False(MerkleTree.Verify(tree.Root, leaves[6], proof with { Siblings = [.. proof.Siblings.SkipLast(1)] }));
        Assert.False(MerkleTree.Verify(tree.Root, leaves[6], proof with { Siblings = [.. proof.Siblings.Reverse()] }));
        Assert.False(MerkleTree.Verify(tree.Root, leaves[6], proof with { Index = -1 }));
        Assert.False(MerkleTree.Verify(tree.Root, leaves[6], proof with { LeafCount = 0 }));
    }
}
