using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;

namespace Basilisk.Chain.Assembly;

/// <summary>A transaction offered to a block, with the payload if it is a reveal.</summary>
public sealed record CandidateTransaction(Transaction Transaction, ReadOnlyMemory<byte>? Payload = null);

/// <summary>A candidate that did not go in, and why.</summary>
public sealed record SkippedTransaction(Transaction Transaction, Refusal Refusal);

/// <summary>A block that lacks only its nonce.</summary>
/// <param name="Block">All roots are right; the nonce is 0.</param>
/// <param name="Skipped">Candidates left out, in the order offered.</param>
public sealed record BlockTemplate(Block Block, ImmutableArray<SkippedTransaction> Skipped)
{
    /// <summary>The finished block.</summary>
    public Block WithNonce(ulong nonce) => Block.WithHeader(Block.Header with { Nonce = nonce });
}
