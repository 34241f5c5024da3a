using System.Collections.Concurrent;

namespace Basilisk.Node.Api.Metrics;

/// <summary>Counts JSON-RPC calls by method. Methods are those the node has and one name for all others, so the number of series is bounded.</summary>
internal sealed class RpcMeter
{
    public const string UnknownMethod = "unknown";

    /// <summary>Upper bounds of the latency histogram, seconds.</summary>
    public static readonly double[] Buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

    private readonly ConcurrentDictionary<string, MethodCalls> _methods = new(StringComparer.Ordinal);

    public void Called(string method, int? error, TimeSpan took) => _methods.GetOrAdd(method, _ => new MethodCalls()).Add(error is not null, took);

    public IReadOnlyList<(string Method, MethodCalls.Snapshot Calls)> Snapshot() =>
        [.. _methods.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value.Read()))];
}

/// <summary>One method's calls.</summary>
internal sealed class MethodCalls
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[RpcMeter.Buckets.Length];
    private long _count;
    private long _errors;
    private double _seconds;

    public void Add(bool failed, TimeSpan took)
    {
        double seconds = took.TotalSeconds;
        lock (_gate)
        {
            _count++;
            _errors += failed ? 1 : 0;
            _seconds += seconds;
            int bucket = Array.FindIndex(RpcMeter.Buckets, bound => seconds <= bound);
            if (bucket >= 0)
            {
                _buckets[bucket]++;
            }
        }
    }

    public Snapshot Read()
    {
        lock (_gate)
        {
            return new Snapshot(_count, _errors, _seconds, [.. _buckets]);
        }
    }

    /// <param name="Count">Calls.</param>
    /// <param name="Errors">Of them, answered with an error.</param>
    /// <param name="Seconds">Time of all.</param>
    /// <param name="Buckets">Calls by the first bound they were within.</param>
    public sealed record Snapshot(long Count, long Errors, double Seconds, long[] Buckets);
}
