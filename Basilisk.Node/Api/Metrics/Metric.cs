namespace Basilisk.Node.Api.Metrics;

internal enum MetricType
{
    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Only goes up while the process lives.</summary>
    Counter,
}

/// <summary>One value of a metric.</summary>
/// <param name="Value">In the metric's base unit.</param>
/// <param name="Labels">Names and values; few, and from closed sets.</param>
internal readonly record struct Sample(double Value, params (string Name, string Value)[] Labels);

/// <summary>A metric: what it is called and where its values come from. Read by the Prometheus page and by OpenTelemetry alike.</summary>
/// <param name="Name">prometheus.io/docs/practices/naming: base units, <c>_total</c> on counters.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Type">Gauge or counter.</param>
/// <param name="Unit">UCUM unit, for OpenTelemetry.</param>
/// <param name="Read">The values now; none where there is nothing to say yet.</param>
internal sealed record Metric(string Name, string Help, MetricType Type, string Unit, Func<IEnumerable<Sample>> Read);
