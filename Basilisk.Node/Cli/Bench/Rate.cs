using System.Diagnostics;

namespace Basilisk.Node.Cli.Bench;

/// <summary>Times work in rounds and takes the median, so that a disturbed round does not count.</summary>
internal static class Rate
{
    private const int Rounds = 5;

    /// <summary>Units per second.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="units">Units that one call of <paramref name="work"/> does.</param>
    /// <param name="work">What is measured; called once more beforehand to warm up.</param>
    /// <param name="cancellation">Stops between rounds.</param>
    public static double Of(TimeProvider time, double units, Action work, CancellationToken cancellation)
    {
        work();
        var rates = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = time.GetTimestamp();
            work();
            rates.Add(units / time.GetElapsedTime(start).TotalSeconds);
        }

        rates.Sort();
        return rates[Rounds / 2];
    }

    /// <summary>Processor seconds of one call, all threads together: what others do on the machine hardly counts.</summary>
    public static double ProcessorSeconds(Action work, CancellationToken cancellation)
    {
        work();
        var seconds = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
            work();
            seconds.Add((Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds);
        }

        seconds.Sort();
        return seconds[Rounds / 2];
    }
}
