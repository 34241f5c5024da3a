using System.CommandLine;

namespace Basilisk.Node.Cli.Bench;

/// <summary><c>basilisk bench</c>: how fast this machine does the work, beside others' software where that is installed.</summary>
internal static class BenchCommand
{
    private const string All = "all";

    private static readonly (string Name, IBench Bench)[] Benches =
    [
        ("gemm", new GemmBench()),
        ("train", new TrainBench()),
        ("judge", new JudgeBench()),
        ("mine", new MineBench()),
        ("signatures", new SignatureBench()),
        ("store", new StoreBench()),
        ("sync", new SyncBench()),
        ("network", new NetworkBench()),
        ("start", new StartBench()),
        ("decode", new DecodeBench()),
    ];

    public static Command Create()
    {
        var command = new Command(
            "bench",
            "Measure this machine: gemm (matrix products, beside OpenBLAS), train (beside PyTorch), judge, mine, signatures, store, sync (blocks replayed), network (nodes on loopback), start (a node's start on a long log), decode, or all.");
        var what = new Argument<string>("what") { Description = "What to measure." };
        what.AcceptOnlyFromAmong([.. Benches.Select(bench => bench.Name), All]);
        var threads = new Option<int>("--threads") { Description = "Threads of gemm, train and judge. Default: every core.", DefaultValueFactory = _ => Environment.ProcessorCount };
        threads.Require(value => value is >= 1 and <= 1024, "--threads is 1 to 1024.");
        Option<bool> json = new CommonOptions().Json;
        command.Arguments.Add(what);
        command.Options.Add(threads);
        command.Options.Add(json);
        command.SetAction(async (parse, cancellation) =>
        {
            string chosen = parse.GetValue(what)!;
            var run = new BenchRun(parse.GetValue(threads), parse.GetValue(json));
            foreach ((string name, IBench bench) in Benches.Where(bench => chosen == All || chosen == bench.Name))
            {
                run.Say($"{name} …");
                await bench.RunAsync(run, cancellation);
            }

            return 0;
        });
        return command;
    }
}

/// <summary>One kind of work to measure.</summary>
internal interface IBench
{
    /// <summary>Measures, and hands each figure over as soon as it is known.</summary>
    Task RunAsync(BenchRun run, CancellationToken cancellation);
}

/// <summary>One run of benchmarks: its threads, and where its figures go.</summary>
internal sealed class BenchRun(int threads, bool json)
{
    public int Threads { get; } = threads;

    public TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>Figures go to the output.</summary>
    public void Add(BenchLine line) => line.Print(json);

    /// <summary>What is going on goes to the error output.</summary>
    public void Say(string line) => Console.Error.WriteLine($"bench: {line}");
}
