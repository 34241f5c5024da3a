using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Mempool;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>An announced block in the making: what the mempool has of it, and what must be asked for.</summary>
internal sealed class BlockAssembly
{
    private readonly NewBlock _announced;
    private readonly Transaction?[] _transactions;
    private readonly ReadOnlyMemory<byte>?[] _payloads;

    /// <param name="announced">The announcement; its hashes lead to the header's roots.</param>
    /// <param name="pool">Transactions that wait here, reveals with their payloads.</param>
    public BlockAssembly(NewBlock announced, TransactionPool pool)
    {
        _announced = announced;
        _transactions = new Transaction?[announced.Transactions.Length];
        _payloads = new ReadOnlyMemory<byte>?[announced.Payloads.Length];
        var revealed = new Dictionary<Hash256, ReadOnlyMemory<byte>>();
        for (int i = 0; i < _transactions.Length; i++)
        {
            if (!pool.TryFind(announced.Transactions[i], out PooledTransaction? pooled))
            {
                continue;
            }

            _transactions[i] = pooled.Transaction;
            if (pooled.Payload is { } payload && ProtocolCall.Read(pooled.Transaction).Value is RevealCall reveal)
            {
                revealed[reveal.PayloadHash] = payload;
            }
        }

        for (int i = 0; i < _payloads.Length; i++)
        {
            if (revealed.TryGetValue(announced.Payloads[i], out ReadOnlyMemory<byte> found))
            {
                _payloads[i] = found;
            }
        }
    }

    public ImmutableArray<uint> MissingTransactions => Missing(_transactions.Select(transaction => transaction is null));

    public ImmutableArray<uint> MissingPayloads => Missing(_payloads.Select(payload => payload is null));

    public bool IsComplete => MissingTransactions.IsEmpty && MissingPayloads.IsEmpty;

    /// <summary>Fills in the parts that were asked for, in order.</summary>
    /// <returns>Null, or why they are not the announced block's.</returns>
    public Refusal? Fill(BlockParts parts)
    {
        ImmutableArray<uint> transactions = MissingTransactions;
        ImmutableArray<uint> payloads = MissingPayloads;
        if (parts.Transactions.Length != transactions.Length || parts.Payloads.Length != payloads.Length)
        {
            return new Refusal(
                RefusalKind.Isolation, PeerTokens.WrongAnswer, "Not as many parts as were asked for.",
                parts.Transactions.Length + parts.Payloads.Length, transactions.Length + payloads.Length);
        }

        for (int i = 0; i < transactions.Length; i++)
        {
            if (parts.Transactions[i].Hash != _announced.Transactions[(int)transactions[i]])
            {
                return new Refusal(RefusalKind.Isolation, Tokens.TransactionsRootMismatch, $"A transaction is not the one that block {_announced.Header.Hash} names.");
            }

            _transactions[transactions[i]] = parts.Transactions[i];
        }

        for (int i = 0; i < payloads.Length; i++)
        {
            if (Keccak256.Hash(parts.Payloads[i].Span) != _announced.Payloads[(int)payloads[i]])
            {
                return new Refusal(RefusalKind.Isolation, Tokens.PayloadHashMismatch, $"A payload is not the one that block {_announced.Header.Hash} names.");
            }

            _payloads[payloads[i]] = parts.Payloads[i];
        }

        return null;
    }

    /// <exception cref="InvalidOperationException">A part is missing.</exception>
    public Block Build() => IsComplete
        ? new Block(_announced.Header, [.. _transactions.Select(transaction => transaction!)], [.. _payloads.Select(payload => payload!.Value)])
        : throw new InvalidOperationException("The block has missing parts.");

    private static ImmutableArray<uint> Missing(IEnumerable<bool> missing) =>
        [.. missing.Select((isMissing, i) => (isMissing, i)).Where(each => each.isMissing).Select(each => (uint)each.i)];
}
