using Basilisk.Exact.Hashing;
using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Joining;
using Basilisk.Node.Tests.Cli;
using Basilisk.Node.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Basilisk.Node.Tests.Peers.Joining;

public sealed class NetworkJoinTests(TestNetworkFixture made) : IDisposable
{
    private readonly Support.TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    private string Target => _folder.Sub("network");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_node_with_nothing_but_an_address_gets_the_network()
    {
        await using PeeredNode node = await ServingAsync();
        await Join(node).RunAsync(CancellationToken.None);

        Assert.Equal(node.Node.Network.Parameters.Hash, NetworkFolder.Load(Target, CancellationToken.None).Parameters.Hash);
        foreach (string file in Directory.EnumerateFiles(Served))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(Target, Path.GetFileName(file))));
        }

        Assert.Contains(_said, line => line.Contains(node.Node.Network.Parameters.Hash.ToString(), StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder.Sub("joining")));
        Assert.Empty(node.Live.All); // Who has no network is no peer to relay to.
    }

    [Fact]
    public async Task Another_network_than_the_user_named_is_refused()
    {
        await using PeeredNode node = await ServingAsync();
        PeerOptions options = Options(node);
        options.NetworkHash = MerkleTree.LeafHash([1]);
        NetworkHashMismatchException error = await Assert.ThrowsAsync<NetworkHashMismatchException>(() => Join(options).RunAsync(CancellationToken.None));
        Assert.Equal("network-hash-mismatch", error.Token);
        Assert.Contains(node.Node.Network.Parameters.Hash.ToString(), error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_said_after_a_minute()
    {
        var time = new ManualTime();
        var options = new PeerOptions { Join = ["127.0.0.1:1"] };
        Task joining = new NetworkJoin(options, _folder.Path, Target, _said.Add, time, NullLoggerFactory.Instance).RunAsync(CancellationToken.None);
        JoinFailedException error = await Assert.ThrowsAsync<JoinFailedException>(() => time.AdvanceUntilAsync(joining, TimeSpan.FromMinutes(3)));
        Assert.Equal("join-failed", error.Token);
        Assert.Contains("unreachable", error.Message, StringComparison.Ordinal);
        Assert.Contains(_said, line => line.Contains("trying again", StringComparison.Ordinal));
    }

    [Fact]
    public void A_chunked_file_remembers_what_was_flushed_and_nothing_else()
    {
        string path = _folder.Sub("data.bin");
        long size = (3 * ChunkedBytes.ChunkSize) + 10;
        using (ChunkedFile file = ChunkedFile.Open(path, size))
        {
            file.Write(3, new byte[10]);
            file.Write(1, new byte[ChunkedBytes.ChunkSize]);
            file.Flush();
            file.Write(0, new byte[ChunkedBytes.ChunkSize]);
        }

        using (ChunkedFile again = ChunkedFile.Open(path, size))
        {
            Assert.Equal([0, 2], again.Missing());
        }

        using ChunkedFile other = ChunkedFile.Open(path, size + 1);
        Assert.Equal([0, 1, 2, 3], other.Missing());
    }

    private string Served => made.Network;

    private Task<PeeredNode> ServingAsync() => PeeredNode.StartAsync(networkFolder: Served);

    private static PeerOptions Options(params PeeredNode[] nodes) => new() { Join = [.. nodes.Select(node => node.Address.ToString())] };

    private NetworkJoin Join(params PeeredNode[] nodes) => Join(Options(nodes));

    private NetworkJoin Join(PeerOptions options) =>
        new(options, _folder.Path, Target, _said.Add, TimeProvider.System, NullLoggerFactory.Instance);
}
