using System.Collections.Immutable;
using Basilisk.Chain.Fees;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;

namespace Basilisk.Chain.Validation.State;

/// <summary>
/// One block's way through the state: start, transactions, end of the round, next base fee. Checking a block and
/// building one go the same way.
/// </summary>
internal sealed class BlockExecution
{
    private readonly ChainState _parent;
    private readonly BlockContext _context;
    private readonly TransactionExecutor _executor;
    private readonly ImmutableArray<Receipt>.Builder _receipts = ImmutableArray.CreateBuilder<Receipt>();

    public BlockExecution(ChainState parent, Address miner)
    {
        _parent = parent;
        _context = BlockContext.After(parent);
        Editor = new StateEditor(parent.Entries);
        Start = BlockStart.Apply(Editor, parent);
        _executor = new TransactionExecutor(_context, Editor, miner);
    }

    public StateEditor Editor { get; }

    public BlockStart Start { get; }

    public ulong GasUsed { get; private set; }

    public ImmutableArray<Receipt> Receipts => _receipts.ToImmutable();

    /// <summary>Applies a transaction, or says why it cannot be the next and changes nothing.</summary>
    public Refusal? Execute(Transaction transaction, ReadOnlyMemory<byte>? payload)
    {
        if (_executor.Check(transaction, payload) is { } refusal)
        {
            return refusal;
        }

        Receipt receipt = _executor.Apply(transaction, _receipts.Count, (uint)(payload?.Length ?? 0));
        GasUsed += receipt.GasUsed;
        _receipts.Add(receipt);
        return null;
    }

    /// <summary>What follows the transactions. Called once.</summary>
    public RoundEnd? Finish(RoundOutcome? outcome)
    {
        RoundEnd? roundEnd = null;
        if (_context.Parameters.Rounds.IsLastOfRound(_context.Height))
        {
            OutcomeInvariants.Require(_parent, outcome);
            roundEnd = new RoundSettler(_context.Parameters, Editor, outcome!).Settle();
        }

        Editor.Put(Editor.Chain with { BaseFee = BaseFee.Next(_context.Parameters.Fees, _context.BaseFee, GasUsed) });
        return roundEnd;
    }
}
