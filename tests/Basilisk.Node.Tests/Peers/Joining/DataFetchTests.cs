using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Flows;
using Basilisk.Node.Peers.Joining;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Snapshots;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Joining;

public sealed class DataFetchTests : IDisposable
{
    private const int Chunks = 40;

    private static readonly TokenCorpus Corpus = new(
        300, [.. Enumerable.Range(0, (Chunks * ChunkedBytes.ChunkSize / 2) - 100).Select(i => (ushort)(i * 7919L % 300))], 100);

    private readonly Support.TemporaryFolder _folder = new();

    private string Target => _folder.Sub("corpus.bin");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pieces_come_from_several_peers()
    {
        await using TestPeers first = await ServingAsync();
        await using TestPeers second = await ServingAsync();
        await using TestPeers asker = await TestPeers.StartAsync();
        using (ChunkedFile file = Open())
        {
            Assert.True(await FillAsync(file, [await asker.JoinAsync(first), await asker.JoinAsync(second)]));
        }

        Assert.Equal(CorpusCodec.Encode(Corpus), File.ReadAllBytes(Target));
        Assert.Equal(Chunks, ServedBy(first) + ServedBy(second));
        Assert.True(ServedBy(first) > 0 && ServedBy(second) > 0, $"{ServedBy(first)} and {ServedBy(second)} pieces.");
    }

    [Fact]
    public async Task What_was_fetched_before_a_restart_is_not_fetched_again()
    {
        await using TestPeers server = await ServingAsync();
        await using TestPeers asker = await TestPeers.StartAsync();
        IPeer peer = await asker.JoinAsync(server);
        using (var stop = new CancellationTokenSource())
        using (ChunkedFile file = Open())
        {
            Task<bool> filling = FillAsync(file, [peer], stop.Token);
            await Eventually.TrueAsync(() => file.There >= 10);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => filling);
        }

        using ChunkedFile again = Open();
        int missing = again.Missing().Count;
        Assert.InRange(missing, 1, Chunks - 10);
        long before = ServedBy(server);
        Assert.True(await FillAsync(again, [peer]));
        Assert.InRange(ServedBy(server) - before, missing, missing + 6); // What was on its way when the first try ended may still be sent.
    }

    [Fact]
    public async Task A_piece_that_its_proof_does_not_lead_to_the_root_bans_its_sender_and_comes_from_another()
    {
        await using TestPeers honest = await ServingAsync();
        await using TestPeers liar = await ServingAsync(chunk =>
        {
            byte[] bytes = chunk.Bytes.ToArray();
            bytes[0] ^= 1;
            return chunk with { Bytes = bytes };
        });
        await using TestPeers asker = await TestPeers.StartAsync();
        using ChunkedFile file = Open();
        IPeer[] peers = [await asker.JoinAsync(liar), await asker.JoinAsync(honest)];
        Assert.True(await FillAsync(file, peers) || await FillAsync(file, [peers[1]]));

        Assert.Equal(PeerTokens.ProofMismatch, Assert.Single(asker.Policy.Bans.Current).Reason);
        Assert.Equal(liar.Identity.Id, asker.Policy.Bans.Current[0].Peer);
    }

    private static long ServedBy(TestPeers peers) => peers.Network.Counters.Sent(MessageKind.DataChunk);

    private ChunkedFile Open() => ChunkedFile.Open(Target, CorpusCodec.SizeOf(Corpus));

    private static Task<bool> FillAsync(ChunkedFile file, IReadOnlyCollection<IPeer> peers, CancellationToken cancellation = default) =>
        new DataFetch(TimeProvider.System).FillAsync(file, DataKind.Corpus, Corpus.Root, peers, () => { }, cancellation).WaitAsync(Eventually.Patience, CancellationToken.None);

    private static Task<TestPeers> ServingAsync(Func<DataChunk, DataChunk>? change = null)
    {
        Node.Checkpoints.CheckpointStore none = new(Path.GetTempPath(), 1, new CapturedLog().For<Node.Checkpoints.CheckpointStore>());
        var serving = new DataServing(Corpus, TestNetwork.Instance.Artefacts.Tokenizer, new CheckpointChunks(none));
        return TestPeers.StartAsync(handle: async (peer, message, cancellation) =>
        {
            if (message is GetData question)
            {
                PeerAnswer answer = await serving.AnswerAsync(peer, question, cancellation);
                await peer.SendAsync(answer is DataChunk chunk && change is not null ? change(chunk) : answer, cancellation);
            }
        });
    }
}
