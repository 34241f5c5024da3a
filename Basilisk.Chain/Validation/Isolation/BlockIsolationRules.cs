using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Validation.Isolation;

/// <summary>What can be said of a block by itself, cheapest first. Each returns null where the block passes.</summary>
public sealed class BlockIsolationRules(NetworkParameters parameters, IProofOfWork proofOfWork)
{
    /// <summary>All rules of a block in isolation.</summary>
    public Refusal? Check(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return CheckHeader(block.Header) ?? CheckBody(block);
    }

    /// <summary>A header's target, work and miner.</summary>
    public Refusal? CheckHeader(BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (!header.Target.TryDecode(out UInt256 target))
        {
            return Refuse(Tokens.TargetNotCanonical, $"Compact target {header.Target} is not canonical.");
        }

        if (target > parameters.Difficulty.LimitTarget.ToTarget())
        {
            return Refuse(Tokens.TargetAboveLimit, $"Target {header.Target} is easier than the limit {parameters.Difficulty.LimitTarget}.");
        }

        if (!Work.Meets(proofOfWork.Compute(header), target))
        {
            return Refuse(Tokens.WorkInsufficient, $"The proof exceeds target {header.Target}.");
        }

        return header.Miner.IsZero ? Refuse(Tokens.MinerMissing, "The miner is the zero address.") : null;
    }

    /// <summary>Everything but the header's own rules.</summary>
    public Refusal? CheckBody(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return CheckCounts(block) ?? CheckRoots(block) ?? CheckTransactions(block) ?? CheckSidecar(block);
    }

    private Refusal? CheckCounts(Block block)
    {
        BlockCaps caps = parameters.Caps;
        if (block.Transactions.Length > caps.Transactions)
        {
            return Refuse(Tokens.TransactionCount, "Too many transactions.", block.Transactions.Length, caps.Transactions);
        }

        if (block.Payloads.Length > caps.PayloadsPerBlock)
        {
            return Refuse(Tokens.PayloadCount, "Too many payloads.", block.Payloads.Length, caps.PayloadsPerBlock);
        }

        foreach (ReadOnlyMemory<byte> payload in block.Payloads)
        {
            if (payload.Length > caps.PayloadBytes)
            {
                return Refuse(Tokens.PayloadTooLarge, "A payload is too large.", payload.Length, caps.PayloadBytes);
            }
        }

        long size = BlockCodec.SizeOf(block);
        return size > caps.BlockBytes ? Refuse(Tokens.BlockTooLarge, "The block is too large.", size, caps.BlockBytes) : null;
    }

    private static Refusal? CheckRoots(Block block)
    {
        if (Block.TransactionsRoot(block.Transactions) != block.Header.TransactionsRoot)
        {
            return Refuse(Tokens.TransactionsRootMismatch, "The transactions do not hash to the header's root.");
        }

        return Block.SidecarRoot(block.PayloadHashes) != block.Header.SidecarRoot
            ? Refuse(Tokens.SidecarRootMismatch, "The payloads do not hash to the header's root.")
            : null;
    }

    private Refusal? CheckTransactions(Block block)
    {
        var seen = new HashSet<Hash256>();
        ulong gas = 0;
        foreach (Transaction transaction in block.Transactions)
        {
            if (TransactionRules.CheckIsolated(parameters, transaction) is { } refusal)
            {
                return refusal;
            }

            if (!seen.Add(transaction.Hash))
            {
                return Refuse(Tokens.TransactionRepeated, $"Transaction {transaction.Hash} stands twice in the block.");
            }

            gas += transaction.IntrinsicGas; // each below the block's limit and at most thousands: no overflow
        }

        return gas > parameters.Fees.GasLimit
            ? Refuse(Tokens.BlockGasExceeded, "The transactions use more gas than a block has.", (long)gas, (long)parameters.Fees.GasLimit)
            : null;
    }

    /// <summary>Payloads and reveals go together one to one, in order.</summary>
    private Refusal? CheckSidecar(Block block)
    {
        var reveals = new List<RevealCall>();
        foreach (Transaction transaction in block.Transactions)
        {
            if (ProtocolCall.Read(transaction).Value is RevealCall reveal)
            {
                reveals.Add(reveal);
            }
        }

        if (reveals.Count != block.Payloads.Length)
        {
            return Refuse(Tokens.SidecarCountMismatch, "Payloads and reveals differ in number.", block.Payloads.Length, reveals.Count);
        }

        for (int i = 0; i < reveals.Count; i++)
        {
            if (reveals[i].PayloadHash != block.PayloadHashes[i])
            {
                return Refuse(Tokens.PayloadHashMismatch, $"Payload {i} is not the one its reveal names.");
            }
        }

        return block.Payloads.Select(payload => PayloadRules.Check(parameters, payload)).FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal Refuse(string token, string detail, long? seen = null, long? allowed = null) =>
        new(RefusalKind.Isolation, token, detail, seen, allowed);
}
