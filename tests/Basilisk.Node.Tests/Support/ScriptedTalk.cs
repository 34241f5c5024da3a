using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Tests.Support;

/// <summary>What a scripted peer of the conversations' tests says.</summary>
internal static class ScriptedTalk
{
    /// <summary>The next message of a kind; others on the way are passed over, questions for addresses answered with none.</summary>
    public static async Task<T> UntilAsync<T>(this ScriptedPeer peer, Func<T, bool>? like = null)
        where T : PeerMessage
    {
        while (true)
        {
            PeerMessage message = await peer.ReceiveAsync();
            switch (message)
            {
                case T wanted when like is null || like(wanted):
                    return wanted;
                case Ping ping:
                    await peer.SendAsync(new Pong(ping.Nonce));
                    break;
                case GetAddresses question:
                    await peer.SendAsync(new Addresses(question.RequestId, []));
                    break;
            }
        }
    }

    /// <summary>A block as it is announced.</summary>
    public static NewBlock Announced(this Block block) => new(block.Header, [.. block.Transactions.Select(transaction => transaction.Hash)], block.PayloadHashes);

    /// <summary>Announces a block and gives what is asked of it.</summary>
    public static async Task DeliverAsync(this ScriptedPeer peer, Block block)
    {
        await peer.SendAsync(block.Announced());
        if (block.Transactions.Length + block.Payloads.Length > 0)
        {
            GetBlockParts question = await peer.UntilAsync<GetBlockParts>(asked => asked.Block == block.Hash);
            await peer.SendAsync(new BlockParts(
                question.RequestId,
                [.. question.Transactions.Select(at => block.Transactions[(int)at])],
                [.. question.Payloads.Select(at => block.Payloads[(int)at])]));
        }
    }

    public static ImmutableArray<BlockHeader> HeadersOf(this IEnumerable<Block> blocks) => [.. blocks.Select(block => block.Header)];

    /// <summary>A Hello that names a chain.</summary>
    public static Hello HelloOf(Block tip, UInt256 work) => ScriptedPeer.SomeHello(height: tip.Height) with { Tip = tip.Hash, TotalWork = work };

    /// <summary>Hello with a claim that nothing bears out.</summary>
    public static Hello Claiming(ulong height) => ScriptedPeer.SomeHello(height: height) with { TotalWork = UInt256.One << 200 };

    /// <summary>Sends a transaction to whoever asks for it.</summary>
    public static Task AnswerAsync(this ScriptedPeer peer, GetTransactions question, params RelayedTransaction[] transactions) =>
        peer.SendAsync(new Transactions(question.RequestId, [.. transactions]));

    /// <summary>Work of a chain of blocks.</summary>
    public static UInt256 WorkOf(IEnumerable<Block> blocks) => blocks.Aggregate(UInt256.Zero, (sum, block) => sum + Work.Of(block.Header.Target));

    /// <summary>The same header with a nonce that is no work.</summary>
    public static BlockHeader Unworked(this BlockHeader header)
    {
        UInt256 target = header.Target.ToTarget();
        while (Work.Meets(header.Hash, target))
        {
            header = header with { Nonce = header.Nonce + 1 };
        }

        return header;
    }
}
