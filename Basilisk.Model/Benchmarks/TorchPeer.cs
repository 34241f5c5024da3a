using System.Diagnostics;
using System.Globalization;
using Basilisk.Exact.Shapes;

namespace Basilisk.Model.Benchmarks;

/// <summary>PyTorch training the same model on the same threads, the peer of <see cref="TrainBenchmark"/>, where it is installed.</summary>
internal static class TorchPeer
{
    private const string Script = "Basilisk.Model.Benchmarks.torch_peer.py";

    private const string Name = "python3";

    /// <summary>
    /// Where Python lies: Debian's python3-torch belongs to the first, a user's environment comes second. Always by an absolute path:
    /// given a bare name, the runtime would look in the working directory before <c>PATH</c>.
    /// </summary>
    private static IReadOnlyList<string> Interpreters(string? path) =>
    [
        .. (path ?? "")
            .Split(Path.PathSeparator)
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, Name))
            .Where(File.Exists)
            .Take(1)
            .Prepend("/usr/bin/" + Name)
            .Distinct(),
    ];

    /// <summary>Median tokens per second, or null where Python or PyTorch is missing.</summary>
    public static double? TryMeasure(ModelShape shape, int sequences, int threads, int steps, CancellationToken cancellation)
    {
        foreach (string interpreter in Interpreters(Environment.GetEnvironmentVariable("PATH")))
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryRun(interpreter, shape, sequences, threads, steps, cancellation) is { } rate)
            {
                return rate;
            }
        }

        return null;
    }

    private static double? TryRun(string interpreter, ModelShape shape, int sequences, int threads, int steps, CancellationToken cancellation)
    {
        try
        {
            using Process? process = Process.Start(Describe(interpreter, shape, sequences, threads, steps));
            if (process is null)
            {
                return null;
            }

            using CancellationTokenRegistration kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            WriteScript(process.StandardInput);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.GetAwaiter().GetResult();
            return process.ExitCode == 0 && double.TryParse(output, CultureInfo.InvariantCulture, out double rate) ? rate : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such interpreter: there is no peer to compare with.
            return null;
        }
        catch (IOException)
        {
            // The interpreter ended without reading the script.
            return null;
        }
    }

    private static ProcessStartInfo Describe(string interpreter, ModelShape shape, int sequences, int threads, int steps)
    {
        int[] sizes = [shape.Vocabulary, shape.Width, shape.Layers, shape.Heads, shape.FeedForward, shape.Context, sequences, threads, steps];
        string[] arguments = ["-", .. sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))];
        string count = threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(interpreter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // Without these OpenBLAS and OpenMP spin against each other and PyTorch loses more than half its speed.
            Environment = { ["OMP_NUM_THREADS"] = count, ["OPENBLAS_NUM_THREADS"] = count, ["OMP_WAIT_POLICY"] = "PASSIVE" },
        };
        if (OpenBlas.CoreType is { } core)
        {
            start.Environment[OpenBlas.CoreTypeVariable] = core;
        }

        return start;
    }

    private static void WriteScript(StreamWriter input)
    {
        using Stream script = typeof(TorchPeer).Assembly.GetManifestResourceStream(Script)
            ?? throw new InvalidOperationException($"The resource {Script} is missing from the build.");
        script.CopyTo(input.BaseStream);
        input.Close();
    }
}
