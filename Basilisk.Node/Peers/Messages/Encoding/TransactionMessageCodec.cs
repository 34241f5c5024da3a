using System.Collections.Immutable;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Transactions;

namespace Basilisk.Node.Peers.Messages;

/// <summary>Transactions [request id, [[transaction] or [transaction, payload] …]].</summary>
internal static class TransactionMessageCodec
{
    public static void Write(RlpWriter rlp, Transactions transactions)
    {
        rlp.Write(transactions.RequestId).BeginList();
        foreach (RelayedTransaction relayed in transactions.Waiting)
        {
            rlp.BeginList().Write(relayed.Transaction.Encoded);
            if (relayed.Payload is { } payload)
            {
                rlp.Write(payload.Span);
            }

            rlp.EndList();
        }

        rlp.EndList();
    }

    public static Transactions ReadTransactions(ref RlpReader rlp, BlockCaps caps)
    {
        ulong id = rlp.ReadRequestId();
        ImmutableArray<RelayedTransaction> waiting = rlp.ReadItems(GetTransactions.Most, "transactions", (ref RlpReader item) => ReadRelayed(ref item, caps));
        return new Transactions(id, waiting);
    }

    private static RelayedTransaction ReadRelayed(ref RlpReader rlp, BlockCaps caps)
    {
        rlp.EnterList("relayed transaction");
        Transaction? transaction = MessageFields.ReadTransaction(ref rlp);
        ReadOnlyMemory<byte>? payload = rlp.HasMore ? MessageFields.ReadPayload(ref rlp, caps.PayloadBytes) : default(ReadOnlyMemory<byte>?); // a bare null would become an empty payload
        rlp.LeaveList("relayed transaction");
        return new RelayedTransaction(transaction!, payload); // null only where the reader failed: the message is refused
    }
}
