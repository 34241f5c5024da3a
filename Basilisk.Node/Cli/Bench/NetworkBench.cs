using System.Globalization;
using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Genesis;
using Basilisk.Node.Sieges;

namespace Basilisk.Node.Cli.Bench;

/// <summary>
/// Whole nodes in this process over TLS on loopback: how soon a block is everywhere, how many bytes it takes, and how long a new node needs
/// for a long chain. All nodes share this machine's processors, which a real network's do not.
/// </summary>
internal sealed class NetworkBench : IBench
{
    private const string Name = "network";
    private const int Nodes = 5;
    private const int Blocks = 40;
    private const int Waiting = 200;
    private const int LongChain = 10_000;
    private const ulong LongAgo = 1_700_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(BenchRun run, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("basilisk-bench-").FullName;
        try
        {
            await SyncAsync(run, Path.Combine(folder, "long"), cancellation);
            string network = Path.Combine(folder, "now");
            NetworkFolder.Create(network, "test", (ulong)run.Time.GetUtcNow().ToUnixTimeSeconds(), run.Threads, null, cancellation);
            foreach (bool isMesh in new[] { false, true })
            {
                await PropagateAsync(run, network, isMesh, cancellation);
            }

            await RelayAsync(run, network, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SyncAsync(BenchRun run, string network, CancellationToken cancellation)
    {
        Network made = NetworkFolder.Create(network, "test", LongAgo, run.Threads, null, cancellation);
        run.Say($"{Name}: mining {LongChain} empty blocks");
        await using BenchNode source = await BenchNode.StartAsync(network, [], trains: false, cancellation);
        for (int i = 0; i < LongChain; i++)
        {
            await source.SubmitAsync(await source.BuildAsync([], source.Chain.Current.State.Head.Header.Time + made.Parameters.Difficulty.BlockInterval, cancellation), cancellation);
        }

        run.Say($"{Name}: a new node catches up");
        long before = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = run.Time.GetTimestamp();
        await using BenchNode late = await BenchNode.StartAsync(network, [source.Address], trains: false, cancellation);
        long end = await late.AtAsync(LongChain, run.Time, cancellation).WaitAsync(Patience, run.Time, cancellation);
        double used = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        run.Add(new BenchLine(Name, $"a new node's start and {LongChain} empty blocks from a peer over TLS", run.Time.GetElapsedTime(start, end).TotalSeconds, "s"));
        run.Add(new BenchLine(Name, "the same, both nodes", used, "processor s"));
        run.Add(new BenchLine(Name, "bytes received per block, headers and bodies", (late.Transport.BytesReceived) / (double)LongChain, "B"));
        run.Add(new BenchLine(Name, "live memory of the new node after them", (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)(1 << 20), "MB"));
        run.Add(new BenchLine(Name, "working set of the process with both nodes", Environment.WorkingSet / (double)(1 << 20), "MB"));
    }

    private static async Task PropagateAsync(BenchRun run, string network, bool isMesh, CancellationToken cancellation)
    {
        string shape = isMesh ? "a full mesh" : "a chain";
        run.Say($"{Name}: {Blocks} blocks over {Nodes} nodes in {shape}");
        List<BenchNode> nodes = await StartAsync(network, Nodes, isMesh, run.Time, cancellation);
        try
        {
            var milliseconds = new List<double>();
            TimeSpan processor = TimeSpan.Zero;
            for (int i = 0; i < Blocks; i++)
            {
                Block block = await nodes[0].BuildAsync([], (ulong)run.Time.GetUtcNow().ToUnixTimeSeconds(), cancellation);
                TimeSpan used = Environment.CpuUsage.TotalTime;
                milliseconds.Add(await EverywhereAsync(nodes, block, run.Time, cancellation));
                processor += Environment.CpuUsage.TotalTime - used;
            }

            milliseconds.Sort();
            run.Add(new BenchLine(Name, $"empty block handed in to connected at {Nodes} nodes in {shape}, p50", Quantile.Of(milliseconds, 0.5), "ms"));
            run.Add(new BenchLine(Name, $"the same, p95", Quantile.Of(milliseconds, 0.95), "ms"));
            run.Add(new BenchLine(Name, $"the same, all nodes, per block", processor.TotalMilliseconds / Blocks, "processor ms"));
        }
        finally
        {
            await StopAsync(nodes);
        }
    }

    private static async Task RelayAsync(BenchRun run, string network, CancellationToken cancellation)
    {
        run.Say($"{Name}: a node trains until it has something to transfer");
        List<BenchNode> nodes = [await BenchNode.StartAsync(network, [], trains: true, cancellation)];
        try
        {
            BenchNode funder = nodes[0];
            using PrivateKey key = PrivateKey.FromBytes(Keccak256.Hash("bench"u8).ToArray());
            await FundAsync(funder, key, run.Time, cancellation);
            for (int i = 0; i < 2; i++)
            {
                nodes.Add(await BenchNode.StartAsync(network, [nodes[^1].Address], trains: false, cancellation));
            }

            await UntilAsync(() => nodes[1..].All(node => node.Chain.Current.State.Account(key.Address).Balance > UInt256.Zero), run.Time, cancellation);
            await funder.DisposeAsync(); // Its trainer would go on making blocks and transactions.
            nodes.RemoveAt(0);
            await UntilAsync(() => nodes[0].Peers == 1 && nodes[0].Chain.Current.Hash == nodes[1].Chain.Current.Hash, run.Time, cancellation);
            await MeasureRelayAsync(run, nodes, key, isWarm: true, cancellation);
            await MeasureRelayAsync(run, nodes, key, isWarm: false, cancellation);
        }
        finally
        {
            await StopAsync(nodes);
        }
    }

    private static async Task MeasureRelayAsync(BenchRun run, List<BenchNode> nodes, PrivateKey key, bool isWarm, CancellationToken cancellation)
    {
        (BenchNode miner, BenchNode taker) = (nodes[0], nodes[1]);
        ulong nonce = miner.Chain.Current.State.Account(key.Address).Nonce;
        Transaction[] transfers = [.. Enumerable.Range(0, Waiting).Select(i => Transfer(miner, key, nonce + (ulong)i))];
        if (isWarm)
        {
            foreach (Transaction transfer in transfers)
            {
                if (miner.Pool.Add(miner.Chain.Current, transfer) is { } refusal)
                {
                    throw new InvalidOperationException($"The bench's own transfer was refused: {refusal}");
                }
            }

            await UntilAsync(() => taker.Pool.Count >= Waiting, run.Time, cancellation);
        }

        (long wire, long encoded, int blocks) = (taker.Meter.RelayBytes, taker.Meter.RelayedBlockBytes, 0);
        var milliseconds = new List<double>();
        for (int done = 0; done < Waiting; blocks++)
        {
            Block block = await miner.BuildAsync(transfers[done..].Select(transfer => new CandidateTransaction(transfer)), (ulong)run.Time.GetUtcNow().ToUnixTimeSeconds(), cancellation);
            milliseconds.Add(await EverywhereAsync(nodes, block, run.Time, cancellation));
            done += block.Transactions.Length > 0 ? block.Transactions.Length : throw new InvalidOperationException("No transfer went into the bench's block.");
        }

        (wire, encoded) = (taker.Meter.RelayBytes - wire, taker.Meter.RelayedBlockBytes - encoded);
        string what = string.Create(CultureInfo.InvariantCulture, $"{Waiting} transfers in {blocks} blocks, {(isWarm ? "all in the receiver's mempool" : "none in the receiver's mempool")}");
        run.Add(new BenchLine(Name, $"relayed bytes per block: {what}", wire / (double)blocks, "B", encoded / (double)blocks, wire / (double)encoded, "the encoded block"));
        milliseconds.Sort();
        run.Add(new BenchLine(Name, "the same, handed in to connected at the other node, p50", Quantile.Of(milliseconds, 0.5), "ms"));
    }

    /// <summary>Hands a block in at the first node; milliseconds until the last has connected it.</summary>
    private static async Task<double> EverywhereAsync(List<BenchNode> nodes, Block block, TimeProvider time, CancellationToken cancellation)
    {
        Task<long>[] others = [.. nodes.Skip(1).Select(node => node.AtAsync((long)block.Height, time, cancellation))];
        long start = time.GetTimestamp();
        await nodes[0].SubmitAsync(block, cancellation);
        long[] ends = await Task.WhenAll(others).WaitAsync(Patience, time, cancellation);
        return time.GetElapsedTime(start, ends.Max()).TotalMilliseconds;
    }

    private static async Task<List<BenchNode>> StartAsync(string network, int count, bool isMesh, TimeProvider time, CancellationToken cancellation)
    {
        var nodes = new List<BenchNode>();
        try
        {
            for (int i = 0; i < count; i++)
            {
                nodes.Add(await BenchNode.StartAsync(network, [.. nodes.TakeLast(isMesh ? i : 1).Select(node => node.Address)], trains: false, cancellation));
            }

            int links = isMesh ? count * (count - 1) : 2 * (count - 1);
            await UntilAsync(() => nodes.Sum(node => node.Peers) == links, time, cancellation);
            return nodes;
        }
        catch
        {
            await StopAsync(nodes);
            throw;
        }
    }

    /// <summary>Waits for the first reward, and gives some of it to the key.</summary>
    private static async Task FundAsync(BenchNode node, PrivateKey key, TimeProvider time, CancellationToken cancellation)
    {
        await UntilAsync(() => node.Chain.Current.State.Account(node.Key.Address).Balance > (UInt256)3 * Bsk.Coin, time, cancellation);
        await UntilAsync(
            () =>
            {
                // The trainer uses the same account's nonces: the transfer is made again where another took its place.
                ChainView view = node.Chain.Current;
                node.Pool.Add(view, UnsignedTransaction.DynamicFee(
                    node.Chain.Parameters.ChainId, node.Pool.NextNonce(view, node.Key.Address), Bsk.Gwei, 100 * (UInt256)Bsk.Gwei, IntrinsicGas.Base, key.Address, Bsk.Coin).Sign(node.Key));
                return view.State.Account(key.Address).Balance > UInt256.Zero;
            },
            time,
            cancellation);
    }

    private static Transaction Transfer(BenchNode node, PrivateKey key, ulong nonce) => UnsignedTransaction.DynamicFee(
        node.Chain.Parameters.ChainId, nonce, Bsk.Gwei, 100 * (UInt256)Bsk.Gwei, IntrinsicGas.Base, key.Address, UInt256.Zero).Sign(key);

    private static async Task UntilAsync(Func<bool> condition, TimeProvider time, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        while (!condition())
        {
            await Task.Delay(Look, time, cancellation);
            if (time.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"The bench's nodes did not come to agree within {Patience.TotalMinutes:0} minutes.");
            }
        }
    }

    private static async Task StopAsync(List<BenchNode> nodes)
    {
        foreach (BenchNode node in Enumerable.Reverse(nodes))
        {
            await node.DisposeAsync();
        }
    }
}
