using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Chain.Validation.State;

namespace Basilisk.Chain.Validation.Isolation;

/// <summary>Rules on one transaction, for blocks and for the mempool alike.</summary>
public static class TransactionRules
{
    /// <summary>What can be said without any state: chain, size, gas, form of a protocol call. Null where it passes.</summary>
    public static Refusal? CheckIsolated(NetworkParameters parameters, Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.ChainId != parameters.ChainId)
        {
            return new Refusal(RefusalKind.Isolation, Tokens.ChainIdMismatch, $"Signed for chain {transaction.ChainId}; this is {parameters.ChainId}.");
        }

        if (transaction.GasLimit > parameters.Fees.GasLimit)
        {
            return new Refusal(RefusalKind.Isolation, Tokens.GasLimitAboveBlock, "Asks for more gas than a block has.", (long)transaction.GasLimit, (long)parameters.Fees.GasLimit);
        }

        if (!ProtocolCall.Read(transaction).TryGet(out ProtocolCall? call, out Refusal? refusal))
        {
            return refusal;
        }

        return call is null ? null : CheckCall(transaction);
    }

    /// <summary>
    /// Whether a transaction (that passed <see cref="CheckIsolated"/>) could be the next block's first. A mempool may
    /// keep one refused with <see cref="Tokens.NonceTooHigh"/> for later. Null where it passes.
    /// </summary>
    /// <param name="state">The tip.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="payload">The payload of a reveal; without it commitment, hash and form are not checked.</param>
    public static Refusal? CheckAgainst(ChainState state, Transaction transaction, ReadOnlyMemory<byte>? payload = null)
    {
        var editor = new StateEditor(state.Entries);
        BlockStart.Apply(editor, state);
        return new TransactionExecutor(BlockContext.After(state), editor, Primitives.Address.Zero).Check(transaction, payload)
            ?? (payload is { } bytes ? CheckPayload(state.Parameters, transaction, bytes) : null);
    }

    /// <summary>Whether a payload is the one that a reveal names, and of the right form. Null where it is, or there is no reveal.</summary>
    public static Refusal? CheckPayload(NetworkParameters parameters, Transaction transaction, ReadOnlyMemory<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!ProtocolCall.Read(transaction).TryGet(out ProtocolCall? call, out Refusal? refusal) || call is not RevealCall reveal)
        {
            return refusal;
        }

        return Keccak256.Hash(payload.Span) != reveal.PayloadHash
            ? new Refusal(RefusalKind.Isolation, Tokens.PayloadHashMismatch, "The payload is not the one that the reveal names.")
            : PayloadRules.Check(parameters, payload);
    }

    /// <summary>
    /// Whether the commit or reveal in a transaction could be made in the next block, whatever its nonce; null for a transfer too.
    /// For a mempool, which should not keep calls that are not the sender's to make: they cost nothing.
    /// </summary>
    public static Refusal? CheckCallAgainst(ChainState state, Transaction transaction, ReadOnlyMemory<byte>? payload = null)
    {
        var editor = new StateEditor(state.Entries);
        BlockStart.Apply(editor, state);
        return new TransactionExecutor(BlockContext.After(state), editor, Primitives.Address.Zero).CheckCall(transaction, payload);
    }

    /// <summary>A call owes no fee, so it may not carry what others pay for.</summary>
    private static Refusal? CheckCall(Transaction transaction)
    {
        if (!transaction.Value.IsZero)
        {
            return new Refusal(RefusalKind.Isolation, Tokens.ProtocolCallWithValue, "A commit or reveal carries no coins.");
        }

        return transaction.AccessList.Length > 0
            ? new Refusal(RefusalKind.Isolation, Tokens.ProtocolCallWithAccessList, "A commit or reveal has no access list.", transaction.AccessList.Length, 0)
            : null;
    }
}
