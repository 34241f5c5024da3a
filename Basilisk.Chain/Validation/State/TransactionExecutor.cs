using Basilisk.Chain.Fees;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;

namespace Basilisk.Chain.Validation.State;

/// <summary>Applies transactions to a block's state, one after another.</summary>
internal sealed class TransactionExecutor(BlockContext block, StateEditor state, Address miner)
{
    private readonly ContributionRules _contributions = new(block, state);

    /// <summary>Whether the transaction can be the next; changes nothing. Null where it can.</summary>
    public Refusal? Check(Transaction transaction, ReadOnlyMemory<byte>? payload) =>
        CheckSender(transaction) ?? CheckCall(transaction, payload);

    /// <summary>The part of <see cref="Check"/> that is about the commit or reveal alone.</summary>
    public Refusal? CheckCall(Transaction transaction, ReadOnlyMemory<byte>? payload) =>
        _contributions.Check(transaction.Sender, CallOf(transaction), payload);

    /// <summary>Applies a transaction that passed <see cref="Check"/>.</summary>
    public Receipt Apply(Transaction transaction, int index, uint payloadBytes)
    {
        ProtocolCall? call = CallOf(transaction);
        TransactionCharge charge = TransactionCharge.Of(transaction, call is not null, block.BaseFee);
        Address from = transaction.Sender;
        Account sender = state.Account(from);
        state.Put(from, sender with { Nonce = sender.Nonce + 1, Balance = sender.Balance - charge.Total - transaction.Value });
        Add(transaction.To, transaction.Value);
        Add(miner, charge.Tip);
        ChainRecord chain = state.Chain;
        state.Put(chain with { Burned = chain.Burned + charge.Burned });
        WorkUnit? unit = _contributions.Apply(call, payloadBytes);
        return new Receipt(transaction, index, charge.GasUsed, charge.PricePerGas, charge.Burned, charge.Tip, unit);
    }

    private Refusal? CheckSender(Transaction transaction)
    {
        Account sender = state.Account(transaction.Sender);
        if (transaction.Nonce != sender.Nonce)
        {
            return transaction.Nonce < sender.Nonce
                ? Refuse(Tokens.NonceTooLow, "The nonce was used.", transaction.Nonce, sender.Nonce)
                : Refuse(Tokens.NonceTooHigh, "An earlier nonce is missing.", transaction.Nonce, sender.Nonce);
        }

        if (CallOf(transaction) is null && transaction.MaxFeePerGas < block.BaseFee)
        {
            return new Refusal(RefusalKind.State, Tokens.FeeBelowBase, $"Max fee per gas {transaction.MaxFeePerGas} wei is below the block's base fee {block.BaseFee} wei.");
        }

        // Decoding refuses fees whose product leaves 256 bits; the sum with the value may still.
        return !UInt256.TryAdd(transaction.MaxFeePerGas * transaction.GasLimit, transaction.Value, out UInt256 need) || sender.Balance < need
            ? new Refusal(RefusalKind.State, Tokens.BalanceTooLow, $"The balance is {sender.Balance} wei; value and most fee need {need} wei.")
            : null;
    }

    private void Add(Address to, UInt256 amount)
    {
        if (!amount.IsZero)
        {
            Account account = state.Account(to);
            state.Put(to, account with { Balance = account.Balance + amount });
        }
    }

    private static ProtocolCall? CallOf(Transaction transaction) => ProtocolCall.Read(transaction).Value;

    private static Refusal Refuse(string token, string detail, ulong seen, ulong allowed) =>
        new(RefusalKind.State, token, detail, (long)seen, (long)allowed);
}
