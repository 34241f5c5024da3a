using System.Net;
using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Fuzzing.Samples;

/// <summary>Messages of every kind, about the samples' chain.</summary>
internal static class MessageSeeds
{
    /// <summary>Kind and list, as in a frame.</summary>
    public static IReadOnlyList<byte[]> Of(FuzzSamples samples, MessageKind kind)
    {
        var codec = new MessageCodec(samples.Parameters);
        return [.. Messages(samples, kind).Select(codec.Encode)];
    }

    private static IReadOnlyList<PeerMessage> Messages(FuzzSamples samples, MessageKind kind)
    {
        Block full = samples.Node.Chain.MaxBy(block => block.Transactions.Length)!;
        Hash256[] hashes = [.. samples.Node.Chain.Take(3).Select(block => block.Hash)];
        return kind switch
        {
            MessageKind.Hello => [new Hello(1, samples.Parameters.Hash, full.Hash, full.Height, 1UL << 40, PeerServices.Blocks | PeerServices.Genesis, 30545, 1_700_000_000, "basilisk/0.1")],
            MessageKind.Goodbye => [new Goodbye(PeerTokens.Stopping, "The node stops.")],
            MessageKind.Ping => [new Ping(300)],
            MessageKind.Pong => [new Pong(0)],
            MessageKind.GetAddresses => [new GetAddresses(1)],
            MessageKind.Addresses => [new Addresses(1, [Address("192.0.2.1"), Address("2001:db8::1")]), new Addresses(0, [])],
            MessageKind.GetHeaders => [new GetHeaders(1, [.. hashes], Hash256.Zero)],
            MessageKind.Headers => [new Headers(1, [.. samples.Node.Chain.Take(3).Select(block => block.Header)])],
            MessageKind.NewTransactions => [new NewTransactions([.. hashes])],
            MessageKind.GetTransactions => [new GetTransactions(1, [.. hashes])],
            MessageKind.Transactions => [new Transactions(1, [.. full.Transactions.Take(2).Select((transaction, i) => new RelayedTransaction(transaction, i == 0 ? default(ReadOnlyMemory<byte>?) : new byte[] { 1, 2 }))])],
            MessageKind.NewBlock => [new NewBlock(full.Header, [.. full.Transactions.Select(transaction => transaction.Hash)], full.PayloadHashes)],
            MessageKind.GetBlockParts => [new GetBlockParts(1, full.Hash, [0, 2, 7], [1])],
            MessageKind.BlockParts => [new BlockParts(1, [.. full.Transactions.Take(2)], [new byte[] { 1, 2, 3 }])],
            MessageKind.GetBlocks => [new GetBlocks(1, [.. hashes])],
            MessageKind.Blocks => [new Blocks(1, [full, samples.Node.Chain[0]])],
            MessageKind.GetMempool => [new GetMempool()],
            MessageKind.GetSnapshot => [new GetSnapshot(1)],
            MessageKind.SnapshotOffer => [new SnapshotOffer(1, full.Hash, full.Height, 1000)],
            MessageKind.GetStateChunk => [new GetStateChunk(1, full.Hash, Hash256.Zero, 5)],
            MessageKind.StateChunk => [new StateChunk(1, false, [.. hashes.Order().Select(hash => KeyValuePair.Create(hash, (ReadOnlyMemory<byte>)new byte[] { 1, 2 }))], [.. hashes]), new StateChunk(1, true, [], [.. hashes])],
            MessageKind.GetData => [new GetData(1, DataKind.Checkpoint, full.Hash, 3)],
            MessageKind.DataChunk => [new DataChunk(1, 3, 9, new byte[100], [.. hashes])],
            MessageKind.GetNetwork => [new GetNetwork(1)],
            MessageKind.NetworkDescription => [new NetworkDescription(1, "{}"u8.ToArray(), "{}"u8.ToArray())],
            MessageKind.NotServed => [new NotServed(1, PeerTokens.NotServed)],
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind without seeds."),
        };
    }

    private static AdvertisedAddress Address(string address) => new(new IPEndPoint(IPAddress.Parse(address), 30545), PeerServices.Blocks, 1_700_000_000);
}
