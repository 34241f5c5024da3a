using System.Diagnostics;
using System.Globalization;
using Basilisk.Chain.Blocks;
using Basilisk.Exact.Judging;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Genesis;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Basilisk.Store;
using Basilisk.Store.Cluster;
using Basilisk.Store.Postgres;
using Xunit;

namespace Basilisk.Node.Tests.Robustness;

/// <summary>
/// SIGKILL at 50 random moments of a real node: at start-up, and a few milliseconds after a block, a commitment, a reveal, a
/// judgement and a settlement (when projections write). Sometimes the database server goes with it. After every kill the log is
/// replayed from genesis with each round judged again, and every projection is derived again and compared.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;
    private const int ChainCount = 5;
    private const int BlockConnected = 1101, Replayed = 1105, RoundSettled = 1201, RoundEmpty = 1202, RoundJudged = 1203, Committed = 1402, Revealed = 1403;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Ten kills on each of five chains. 0: a while after the start of the process, whatever it is doing.
    private static readonly int[] Moments = [0, BlockConnected, Committed, Revealed, RoundJudged, RoundSettled, BlockConnected, 0, Revealed, RoundSettled];

    [Fact]
    public async Task Killed_at_fifty_moments_the_node_resumes_at_the_last_event_and_verifies_clean()
    {
        await LocalPostgres.RequireAsync();
        var random = new Random(Seed);
        var hits = new Dictionary<int, int>();
        int servers = 0;
        long blocks = 0;
        var longest = TimeSpan.Zero;
        for (int chain = 0; chain < ChainCount; chain++)
        {
            using var folder = new TemporaryFolder();
            string data = folder.Sub("data");
            await ChildNode.ImportKeyAsync(data, TestNode.KeyOf(7), ChildNode.Password);
            (long Height, string Hash)? known = null;
            foreach (int moment in Moments)
            {
                using (ChildNode node = ChildNode.Start(data, Arguments()))
                {
                    await KillAtAsync(node, moment, random);
                    hits[moment] = hits.GetValueOrDefault(moment) + 1;
                    AssertResumed(node, known);
                    known = LastBlock(node) ?? known;
                }

                bool withServer = random.Next(4) == 0;
                if (withServer)
                {
                    ChildNode.KillServers(data);
                    servers++;
                }

                long started = Stopwatch.GetTimestamp();
                if (NetworkFolder.Exists(Path.Combine(data, "network")))
                {
                    known = await VerifyAsync(data, known, withServer);
                    longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
                }
            }

            blocks += known!.Value.Height;
            ChildNode.KillServers(data);
        }

        output.WriteLine($"{hits.Values.Sum()} kills ({string.Join(", ", hits.Select(hit => $"{Name(hit.Key)} {hit.Value}"))}), {servers} with the server, {blocks} blocks on {ChainCount} chains; longest check {longest.TotalSeconds:F1} s");
        Assert.Equal(50, hits.Values.Sum());
        Assert.True(blocks > 10 * ChainCount, $"only {blocks} blocks were mined");
    }

    private static string Name(int moment) => moment switch
    {
        0 => "start-up",
        BlockConnected => "append",
        Committed => "commit",
        Revealed => "reveal",
        RoundJudged => "judged",
        _ => "round end, projecting",
    };

    // The miner pauses between blocks on this network, which keeps the chain short.
    private static string[] Arguments() =>
        ["up", "--network", "test", "--no-portal", "--json", "--http", "127.0.0.1:0", "--duty", "0.02", "--train-threads", "1"];

    private static async Task KillAtAsync(ChildNode node, int moment, Random random)
    {
        if (moment == 0)
        {
            await Task.Delay(random.Next(0, 1500));
        }
        else
        {
            Assert.True(await node.SeesAsync(moment == RoundSettled ? [RoundSettled, RoundEmpty] : [moment], 1 + random.Next(2), Patience), $"the node ended by itself:\n{node.Output}");
            await Task.Delay(random.Next(0, 25));
        }

        Assert.False(node.HasExited, $"the node ended by itself:\n{node.Output}");
        await node.KillAsync();
    }

    /// <summary>A node that came up again began where the log ended.</summary>
    private static void AssertResumed(ChildNode node, (long Height, string Hash)? known)
    {
        if (known is { } tip && node.Lines.FirstOrDefault(line => line.Event == Replayed) is { } replayed)
        {
            Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $"the tip is {tip.Height} {tip.Hash}"), replayed.Message, StringComparison.Ordinal);
        }
    }

    private static (long Height, string Hash)? LastBlock(ChildNode node)
    {
        if (node.Lines.LastOrDefault(line => line.Event == BlockConnected) is not { } last)
        {
            return null;
        }

        string[] words = last.Message.Split(' ');
        return (long.Parse(words[1], CultureInfo.InvariantCulture), words[2]);
    }

    /// <summary>Replays and audits; the tip. What the node said it had connected is in the chain.</summary>
    private static async Task<(long Height, string Hash)?> VerifyAsync(string data, (long Height, string Hash)? seen, bool serverKilled)
    {
        Network network = NetworkFolder.Load(Path.Combine(data, "network"), CancellationToken.None);
        await using IStore store = await OpenAsync(data, serverKilled);
        VerificationResult result = await new ChainVerifier(network, store.Events, new IntegerLossEvaluator(2)).RunAsync(null, CancellationToken.None);
        Assert.Null(result.Difference);
        Assert.Null(await ProjectionAudit.RunAsync(store, CancellationToken.None));
        var log = new ChainLog(store.Events, network.Parameters, new ChainFacts(network.Parameters, network.Artefacts.HoldoutBytesPerToken));
        var hashes = new List<string> { Block.Genesis(network.Parameters).Hash.ToString() };
        await foreach (ChainLogEntry entry in log.ReadAsync(CancellationToken.None))
        {
            Assert.NotNull(entry.Block);
            hashes.Add(entry.Block.Hash.ToString());
        }

        Assert.Equal(result.Height, hashes.Count - 1);
        if (seen is { } block)
        {
            Assert.True(result.Height >= block.Height, $"the log ends at {result.Height}, the node had connected {block.Height}");
            Assert.Equal(block.Hash, hashes[(int)block.Height]);
        }

        return (result.Height, hashes[^1]);
    }

    /// <summary>The server that the killed node left, so that the next node has to take it over; a new one where there is none.</summary>
    private static async Task<IStore> OpenAsync(string data, bool serverKilled)
    {
        string pid = Path.Combine(data, "postgres", "data", "postmaster.pid");
        if (!serverKilled && ChildNode.Servers(data).Count > 0 && File.Exists(pid) && await File.ReadAllLinesAsync(pid) is { Length: >= 8 } lines && lines[7].Trim() == "ready")
        {
            return await PostgresStore.OpenAsync($"Host={lines[4].Trim()};Port={lines[3].Trim()};Username=basilisk;Database=postgres;Pooling=false");
        }

        return await StoreHost.OpenAsync(new StoreHostOptions { Cluster = new ClusterOptions(Path.Combine(data, "postgres")) });
    }
}
