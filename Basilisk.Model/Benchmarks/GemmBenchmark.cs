using System.Globalization;
using Basilisk.Compute.Threading;
using Basilisk.Model.Gemm;

namespace Basilisk.Model.Benchmarks;

/// <summary>Matrix products beside OpenBLAS, in interleaved rounds so that a busy machine disturbs both alike.</summary>
public static unsafe class GemmBenchmark
{
    private const int Rounds = 15;

    private static readonly (int M, int N, int K)[] Sizes = [(256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (1024, 1024, 256)];

    /// <summary>GFLOP/s (two per multiply-add) of A·Bᵀ, the forward pass's case, and of A·B.</summary>
    /// <param name="threads">Threads of both sides.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between sizes.</param>
    public static IReadOnlyList<Measurement> Run(int threads, TimeProvider time, CancellationToken cancellation)
    {
        using var team = new WorkerTeam(threads, "gemm");
        GemmWorkspace[] workspaces = [.. Enumerable.Range(0, threads).Select(_ => new GemmWorkspace())];
        OpenBlas? peer = OpenBlas.TryLoad(threads);
        var results = new List<Measurement>();
        foreach ((int m, int n, int k) in Sizes)
        {
            foreach (bool transposed in new[] { true, false })
            {
                cancellation.ThrowIfCancellationRequested();
                results.Add(Measure(m, n, k, transposed, team, workspaces, peer, time));
            }
        }

        return results;
    }

    private static Measurement Measure(int m, int n, int k, bool transposed, WorkerTeam team, GemmWorkspace[] workspaces, OpenBlas? peer, TimeProvider time)
    {
        FloatBuffer a = Filled((long)m * k);
        FloatBuffer b = Filled((long)k * n);
        var c = new FloatBuffer((long)m * n);
        var left = new Matrix(a.Pointer, m, k);
        Matrix right = transposed ? new Matrix(b.Pointer, n, k).Transposed : new Matrix(b.Pointer, k, n);
        var result = new Matrix(c.Pointer, m, n);
        double work = 2.0 * m * n * k;
        int repeats = Math.Max(1, (int)(4e8 / work));
        var own = new List<double>();
        var others = new List<double>();
        for (int round = -3; round < Rounds; round++)
        {
            double mine = Stopwatches.Seconds(time, () => Repeat(repeats, () =>
                GemmEngines.Fastest.Multiply(left, right, result, accumulate: false, team, workspaces)));
            double theirs = peer is null ? double.NaN : Stopwatches.Seconds(time, () => Repeat(repeats, () =>
                peer.Multiply(m, n, k, left.Data, right.Data, transposed, result.Data)));
            if (round >= 0)
            {
                own.Add(work * repeats / mine / 1e9);
                others.Add(work * repeats / theirs / 1e9);
            }
        }

        // The views above are bare pointers; the buffers must outlive the last product.
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
        string metric = string.Create(CultureInfo.InvariantCulture, $"{m}x{n}x{k}{(transposed ? " B^T" : "")}, {team.Threads} threads, {GemmEngines.Fastest.Name}");
        return new Measurement("gemm", metric, Stopwatches.Median(own), "GFLOP/s", peer is null ? null : Stopwatches.Median(others), peer is null ? null : "OpenBLAS");
    }

    private static void Repeat(int times, Action action)
    {
        for (int i = 0; i < times; i++)
        {
            action();
        }
    }

    private static FloatBuffer Filled(long length)
    {
        var buffer = new FloatBuffer(length);
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer.Span[i] = ((i * 7919L) % 2003 / 1001f) - 1f;
        }

        return buffer;
    }
}
