using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Flows;

/// <summary>Whether a body is the one that its header commits to: said before the rules run, so that a good header is not condemned for a bad messenger.</summary>
internal static class BlockBody
{
    /// <summary>Null where both roots are the header's.</summary>
    public static Refusal? Check(Block block) => Check(block.Header, [.. block.Transactions.Select(transaction => transaction.Hash)], block.PayloadHashes);

    /// <summary>The same for a body that is only named by hashes.</summary>
    public static Refusal? Check(BlockHeader header, IReadOnlyList<Hash256> transactions, IReadOnlyList<Hash256> payloads)
    {
        if (MerkleRoot.Of(transactions) != header.TransactionsRoot)
        {
            return new Refusal(RefusalKind.Isolation, Tokens.TransactionsRootMismatch, $"The transactions are not those of block {header.Hash}.");
        }

        return MerkleRoot.Of(payloads) != header.SidecarRoot
            ? new Refusal(RefusalKind.Isolation, Tokens.SidecarRootMismatch, $"The payloads are not those of block {header.Hash}.")
            : null;
    }
}
