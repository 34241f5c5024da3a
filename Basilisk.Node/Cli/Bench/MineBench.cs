using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Node.Mining;

namespace Basilisk.Node.Cli.Bench;

/// <summary>Hashes per second of one core, by each implementation of the search that this processor can run; beside one header at a time.</summary>
internal sealed class MineBench : IBench
{
    private const long Tries = 1 << 18;

    public Task RunAsync(BenchRun run, CancellationToken cancellation)
    {
        double? plain = null;
        foreach (SearchKernel kernel in new[] { SearchKernel.Scalar, SearchKernel.Vector256, SearchKernel.Vector512 }.Where(kernel => kernel <= HeaderSearch.Widest))
        {
            var search = new HeaderSearch(new byte[BlockHeader.PrefixSize], kernel);
            ulong from = 0;
            double rate = Rate.Of(run.Time, Tries, () => search.Search(from += (ulong)Tries, Tries, UInt256.Zero), cancellation);
            run.Add(new BenchLine("mine", $"hashes, 1 core, {kernel}", rate, "hashes/s", plain, rate / plain, plain is null ? null : "scalar"));
            plain ??= rate;
        }

        return Task.CompletedTask;
    }
}
