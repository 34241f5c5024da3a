using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation;
using Basilisk.Chain.Validation.Isolation;
using Basilisk.Chain.Validation.State;

namespace Basilisk.Chain.Assembly;

/// <summary>
/// Builds the next block by the same execution that checks it. Candidates are taken in the order offered (order them
/// by tip, and each sender's by nonce); one that does not apply is skipped and said why.
/// </summary>
public sealed class BlockAssembler(ChainRules rules)
{
    /// <summary>An unmined block on a tip.</summary>
    /// <param name="parent">The tip.</param>
    /// <param name="miner">Who gets unit, pending reward and tips; not the zero address.</param>
    /// <param name="candidates">Transactions to put in, reveals with their payloads.</param>
    /// <param name="now">Time to state, Unix seconds; raised to the earliest the rules allow.</param>
    /// <param name="outcome">The round's result; needed where <see cref="ChainRules.NeedsOutcome"/>.</param>
    /// <param name="extraData">The miner's own bytes.</param>
    /// <exception cref="ArgumentException">The miner is the zero address, or the outcome is missing or wrong.</exception>
    public BlockTemplate Build(
        ChainState parent,
        Address miner,
        IEnumerable<CandidateTransaction> candidates,
        ulong now,
        RoundOutcome? outcome,
        ExtraData extraData = default)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(candidates);
        if (miner.IsZero)
        {
            throw new ArgumentException("The zero address cannot mine: nobody holds its key.", nameof(miner));
        }

        var execution = new BlockExecution(parent, miner);
        var body = new Body(rules, execution);
        ImmutableArray<SkippedTransaction>.Builder skipped = ImmutableArray.CreateBuilder<SkippedTransaction>();
        foreach (CandidateTransaction candidate in candidates)
        {
            if (body.TryAdd(candidate) is { } refusal)
            {
                skipped.Add(new SkippedTransaction(candidate.Transaction, refusal));
            }
        }

        RoundEnd? roundEnd = execution.Finish(outcome);
        BlockHeader header = Header(parent, miner, now, extraData, execution, body, roundEnd);
        return new BlockTemplate(new Block(header, body.Transactions, body.Payloads), skipped.ToImmutable());
    }

    private BlockHeader Header(
        ChainState parent,
        Address miner,
        ulong now,
        ExtraData extraData,
        BlockExecution execution,
        Body body,
        RoundEnd? roundEnd)
    {
        ulong height = parent.Height + 1;
        return new BlockHeader(
            rules.Parameters.Forks.At(height).HeaderVersion,
            parent.Head.Hash,
            height,
            Math.Max(now, parent.Head.EarliestNextTime),
            parent.Head.NextTarget(rules.Parameters),
            miner,
            Block.TransactionsRoot(body.Transactions),
            execution.Editor.Finish().Tree.Root,
            roundEnd?.Outcome.NextModelRoot ?? parent.ModelRoot,
            roundEnd?.Outcome.Hash ?? parent.Head.Header.RoundsRoot,
            Block.SidecarRoot([.. body.Payloads.Select(payload => Keccak256.Hash(payload.Span))]),
            extraData,
            Nonce: 0);
    }

    /// <summary>The block's body while it fills.</summary>
    private sealed class Body(ChainRules rules, BlockExecution execution)
    {
        private readonly ImmutableArray<Transaction>.Builder _transactions = ImmutableArray.CreateBuilder<Transaction>();
        private readonly ImmutableArray<ReadOnlyMemory<byte>>.Builder _payloads = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        private long _size = BlockCodec.EmptySize;

        public ImmutableArray<Transaction> Transactions => _transactions.ToImmutable();

        public ImmutableArray<ReadOnlyMemory<byte>> Payloads => _payloads.ToImmutable();

        /// <summary>Null where the candidate is in.</summary>
        public Refusal? TryAdd(CandidateTransaction candidate)
        {
            Transaction transaction = candidate.Transaction;
            if ((TransactionRules.CheckIsolated(rules.Parameters, transaction) ?? CheckPayload(candidate)) is { } isolated)
            {
                return isolated;
            }

            ReadOnlyMemory<byte>? payload = ProtocolCall.Read(transaction).Value is RevealCall ? candidate.Payload : null;
            long size = BlockCodec.SizeOf(transaction) + (payload is { } bytes ? BlockCodec.SizeOf(bytes) : 0);
            if ((CheckRoom(transaction, payload, size) ?? execution.Execute(transaction, payload)) is { } refusal)
            {
                return refusal;
            }

            _transactions.Add(transaction);
            _size += size;
            if (payload is { } revealed)
            {
                _payloads.Add(revealed);
            }

            return null;
        }

        private Refusal? CheckPayload(CandidateTransaction candidate)
        {
            if (candidate.Payload is { } payload)
            {
                return TransactionRules.CheckPayload(rules.Parameters, candidate.Transaction, payload);
            }

            return ProtocolCall.Read(candidate.Transaction).Value is RevealCall
                ? new Refusal(RefusalKind.Isolation, Tokens.PayloadHashMismatch, "The reveal's payload is missing.")
                : null;
        }

        private Refusal? CheckRoom(Transaction transaction, ReadOnlyMemory<byte>? payload, long size)
        {
            BlockCaps caps = rules.Parameters.Caps;
            if (_transactions.Count >= caps.Transactions)
            {
                return Full(Tokens.TransactionCount, _transactions.Count + 1, caps.Transactions);
            }

            if (payload is not null && _payloads.Count >= caps.PayloadsPerBlock)
            {
                return Full(Tokens.PayloadCount, _payloads.Count + 1, caps.PayloadsPerBlock);
            }

            if (_size + size > caps.BlockBytes)
            {
                return Full(Tokens.BlockTooLarge, _size + size, caps.BlockBytes);
            }

            ulong gas = execution.GasUsed + transaction.IntrinsicGas;
            ulong limit = rules.Parameters.Fees.GasLimit;
            return gas > limit ? Full(Tokens.BlockGasExceeded, (long)gas, (long)limit) : null;
        }

        private static Refusal Full(string token, long seen, long allowed) =>
            new(RefusalKind.Isolation, token, "The block is full.", seen, allowed);
    }
}
