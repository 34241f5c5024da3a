using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Transactions;

namespace Basilisk.Chain.Tests.Support;

/// <summary>Blocks that an assembler would not build.</summary>
internal static class Forged
{
    /// <summary>The template's block with a body of one candidate, body roots right, sealed.</summary>
    public static Block With(BlockTemplate template, CandidateTransaction candidate)
    {
        Transaction[] transactions = [candidate.Transaction];
        ReadOnlyMemory<byte>[] payloads = candidate.Payload is { } payload ? [payload] : [];
        BlockHeader header = template.Block.Header with
        {
            TransactionsRoot = Block.TransactionsRoot(transactions),
            SidecarRoot = Block.SidecarRoot([.. payloads.Select(bytes => Keccak256.Hash(bytes.Span))]),
        };
        return TestChain.Seal(new Block(header, [.. transactions], [.. payloads]));
    }
}
