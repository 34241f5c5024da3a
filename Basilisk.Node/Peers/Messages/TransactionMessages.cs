using System.Collections.Immutable;
using Basilisk.Chain.Transactions;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>Announces waiting transactions by hash, at most <see cref="Most"/>.</summary>
public sealed record NewTransactions(ImmutableArray<Hash256> Hashes) : PeerMessage
{
    public const int Most = 1_000;

    public override MessageKind Kind => MessageKind.NewTransactions;
}

/// <summary>Asks for waiting transactions, at most <see cref="Most"/>.</summary>
public sealed record GetTransactions(ulong RequestId, ImmutableArray<Hash256> Hashes) : PeerRequest(RequestId)
{
    public const int Most = 64;

    public override MessageKind Kind => MessageKind.GetTransactions;
}

/// <summary>A waiting transaction, with its payload where it is a reveal.</summary>
public sealed record RelayedTransaction(Transaction Transaction, ReadOnlyMemory<byte>? Payload);

/// <summary>The waiting transactions asked for, as many as fit into a frame, in the order asked; those that wait no more are left out.</summary>
public sealed record Transactions(ulong RequestId, ImmutableArray<RelayedTransaction> Waiting) : PeerAnswer(RequestId)
{
    public override MessageKind Kind => MessageKind.Transactions;
}

/// <summary>Asks what waits in the mempool: answered by <see cref="NewTransactions"/> messages. Once per connection.</summary>
public sealed record GetMempool : PeerMessage
{
    public override MessageKind Kind => MessageKind.GetMempool;
}
