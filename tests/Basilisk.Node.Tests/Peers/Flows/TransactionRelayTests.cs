using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Node.Mempool;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Flows;

public sealed class TransactionRelayTests
{
    private static readonly Address Somebody = Address.Parse("0x00000000000000000000000000000000000000aa");

    [Fact]
    public async Task An_announced_transaction_is_asked_for_once_taken_and_announced_on()
    {
        await using PeeredNode node = await RichAsync();
        Transaction transfer = Transfer(node);
        await using ScriptedPeer first = await node.MeetAsync();
        await using ScriptedPeer second = await node.MeetAsync();
        await using ScriptedPeer third = await node.MeetAsync();
        await first.SendAsync(new NewTransactions([transfer.Hash]));
        GetTransactions question = await first.UntilAsync<GetTransactions>();
        Assert.Equal([transfer.Hash], question.Hashes);

        await second.SendAsync(new NewTransactions([transfer.Hash]));
        await first.AnswerAsync(question, new RelayedTransaction(transfer, null));

        Assert.Equal([transfer.Hash], (await third.UntilAsync<NewTransactions>()).Hashes);
        Assert.True(node.Node.Pool.TryFind(transfer.Hash, out _));
        Assert.Equal(1, node.Meter.TransactionsFetched);
        Assert.Equal(1, node.Peers.Counters.Sent(MessageKind.GetTransactions));
    }

    [Fact]
    public async Task The_next_announcer_is_asked_where_the_first_gives_nothing()
    {
        await using PeeredNode node = await RichAsync();
        Transaction transfer = Transfer(node);
        await using ScriptedPeer first = await node.MeetAsync();
        await using ScriptedPeer second = await node.MeetAsync();
        await first.SendAsync(new NewTransactions([transfer.Hash]));
        GetTransactions question = await first.UntilAsync<GetTransactions>();
        await second.SendAsync(new NewTransactions([transfer.Hash]));
        await Eventually.TrueAsync(() => node.Live.All.All(peer => peer.KnownTransactions.Contains(transfer.Hash)));

        await first.AnswerAsync(question);

        await second.AnswerAsync(await second.UntilAsync<GetTransactions>(), new RelayedTransaction(transfer, null));
        await Eventually.TrueAsync(() => node.Node.Pool.TryFind(transfer.Hash, out _));
    }

    [Fact]
    public async Task The_next_announcer_is_asked_where_the_first_is_gone()
    {
        await using PeeredNode node = await RichAsync();
        Transaction transfer = Transfer(node);
        ScriptedPeer first = await node.MeetAsync();
        await using ScriptedPeer second = await node.MeetAsync();
        await first.SendAsync(new NewTransactions([transfer.Hash]));
        await first.UntilAsync<GetTransactions>();
        await second.SendAsync(new NewTransactions([transfer.Hash]));
        await first.DisposeAsync();

        await second.AnswerAsync(await second.UntilAsync<GetTransactions>(), new RelayedTransaction(transfer, null));
        await Eventually.TrueAsync(() => node.Node.Pool.TryFind(transfer.Hash, out _));
    }

    [Fact]
    public async Task An_own_transaction_is_announced_and_given_to_who_asks()
    {
        await using PeeredNode node = await RichAsync();
        await using ScriptedPeer peer = await node.MeetAsync();
        await peer.UntilAsync<GetMempool>();
        Transaction transfer = Transfer(node);
        Assert.Null(node.Node.Pool.Add(node.Node.View, transfer));

        Assert.Equal([transfer.Hash], (await peer.UntilAsync<NewTransactions>()).Hashes);
        await peer.SendAsync(new GetTransactions(9, [transfer.Hash]));
        Transactions answer = await peer.UntilAsync<Transactions>();
        Assert.Equal(9UL, answer.RequestId);
        Assert.Equal(transfer.Hash, Assert.Single(answer.Waiting).Transaction.Hash);
    }

    [Fact]
    public async Task A_reveal_travels_with_its_payload()
    {
        await using PeeredNode node = await PeeredNode.StartAsync();
        await using ScriptedPeer peer = await node.MeetAsync();
        while (node.Node.View.Phase != Chain.Parameters.RoundPhase.Reveal)
        {
            await node.Node.MineAsync();
        }

        node.Node.Book.Close(node.Node.View);
        node.Node.Book.SendMissing(node.Node.View);
        PooledTransaction reveal = Assert.Single(node.Node.Pool.Newest(10), pooled => pooled.Payload is not null);

        await peer.SendAsync(new GetTransactions(3, [reveal.Transaction.Hash]));
        RelayedTransaction relayed = Assert.Single((await peer.UntilAsync<Transactions>()).Waiting);
        Assert.Equal(reveal.Payload!.Value.ToArray(), relayed.Payload!.Value.ToArray());
    }

    [Fact]
    public async Task Transactions_that_are_wrong_by_themselves_ban_their_sender()
    {
        await using PeeredNode node = await RichAsync();
        await using ScriptedPeer peer = await node.MeetAsync();
        for (ulong i = 0; i < 3; i++)
        {
            Transaction foreign = UnsignedTransaction.DynamicFee(
                99, i, Bsk.Gwei, (UInt256)20 * Bsk.Gwei, 21_000, Somebody, 1, Array.Empty<byte>()).Sign(node.Node.Key);
            await peer.SendAsync(new NewTransactions([foreign.Hash]));
            await peer.AnswerAsync(await peer.UntilAsync<GetTransactions>(), new RelayedTransaction(foreign, null));
        }

        Assert.Equal(Tokens.ChainIdMismatch, await node.BanOfAsync(peer.Id));
    }

    [Fact]
    public async Task A_transaction_that_only_this_state_refuses_is_no_offence()
    {
        await using PeeredNode node = await RichAsync();
        await using ScriptedPeer peer = await node.MeetAsync();
        Transaction poor = node.Node.Transfer(0, Somebody, 5, key: TestNode.KeyOf(77));
        await peer.SendAsync(new NewTransactions([poor.Hash]));
        await peer.AnswerAsync(await peer.UntilAsync<GetTransactions>(), new RelayedTransaction(poor, null));
        await Eventually.TrueAsync(() => node.Meter.TransactionsFetched == 1);

        await peer.SendAsync(new NewTransactions([poor.Hash])); // It is known to be refused now and not asked for.
        await peer.SendAsync(new GetMempool());
        await Eventually.TrueAsync(() => node.Peers.Counters.Received(MessageKind.GetMempool) == 1);
        Assert.Equal(0, node.Policy.Scores.Of(peer.Id));
        Assert.Equal(1, node.Peers.Counters.Sent(MessageKind.GetTransactions));
    }

    [Fact]
    public async Task The_mempool_is_told_once_and_a_second_question_is_an_offence()
    {
        await using PeeredNode node = await RichAsync();
        Transaction transfer = Transfer(node);
        Assert.Null(node.Node.Pool.Add(node.Node.View, transfer));
        await using ScriptedPeer peer = await node.MeetAsync();
        await peer.SendAsync(new GetMempool());
        Assert.Equal([transfer.Hash], (await peer.UntilAsync<NewTransactions>()).Hashes);

        await peer.SendAsync(new GetMempool());
        await Eventually.TrueAsync(() => node.Policy.Scores.Of(peer.Id) >= 49);
    }

    [Fact]
    public async Task Transactions_reach_every_mempool_once_and_without_a_storm()
    {
        PeeredNode[] nodes = [await RichAsync(), await PeeredNode.StartAsync(2), await PeeredNode.StartAsync(3), await PeeredNode.StartAsync(4)];
        try
        {
            for (int i = 0; i < nodes.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    await nodes[i].JoinAsync(nodes[j]);
                }
            }

            await Task.WhenAll(nodes.Select(node => node.AtAsync(nodes[0].Tip)));
            const int count = 20;
            for (int i = 0; i < count; i++)
            {
                Assert.Null(nodes[0].Node.Pool.Add(nodes[0].Node.View, Transfer(nodes[0])));
            }

            await Eventually.TrueAsync(() => nodes.All(node => node.Node.Pool.Count == count));
            foreach (PeeredNode node in nodes[1..])
            {
                Assert.Equal(count, node.Meter.TransactionsFetched);
                Assert.Equal(0, node.Meter.TransactionsTwice);
            }

            // Each of six links carries a hash at most once each way.
            Assert.InRange(nodes.Sum(node => node.Meter.TransactionsAnnounced), 3 * count, 12 * count);
        }
        finally
        {
            foreach (PeeredNode node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static Transaction Transfer(PeeredNode node) =>
        node.Node.Transfer(node.Node.Pool.NextNonce(node.Node.View, node.Node.Key.Address), Somebody, 5);

    /// <summary>A node whose account has coins: blocks and their rewards, released by a settled round.</summary>
    private static async Task<PeeredNode> RichAsync()
    {
        PeeredNode node = await PeeredNode.StartAsync();
        while (node.Node.View.State.Account(node.Node.Key.Address).Balance.IsZero)
        {
            await node.Node.MineAsync();
        }

        return node;
    }
}
