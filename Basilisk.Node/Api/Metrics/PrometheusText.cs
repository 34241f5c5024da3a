using System.Globalization;
using System.Text;

namespace Basilisk.Node.Api.Metrics;

/// <summary>Writes metrics in Prometheus' text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Metric> metrics, RpcMeter calls)
    {
        var text = new StringBuilder();
        foreach (Metric metric in metrics)
        {
            Head(text, metric.Name, metric.Help, metric.Type == MetricType.Gauge ? "gauge" : "counter");
            foreach (Sample sample in metric.Read())
            {
                Line(text, metric.Name, sample.Labels, sample.Value);
            }
        }

        WriteCalls(text, calls.Snapshot());
        return text.ToString();
    }

    private static void WriteCalls(StringBuilder text, IReadOnlyList<(string Method, MethodCalls.Snapshot Calls)> calls)
    {
        Head(text, "basilisk_rpc_errors_total", "JSON-RPC calls answered with an error.", "counter");
        foreach ((string method, MethodCalls.Snapshot snapshot) in calls)
        {
            Line(text, "basilisk_rpc_errors_total", [("method", method)], snapshot.Errors);
        }

        const string Name = "basilisk_rpc_duration_seconds";
        Head(text, Name, "Time to answer a JSON-RPC call.", "histogram");
        foreach ((string method, MethodCalls.Snapshot snapshot) in calls)
        {
            long within = 0;
            for (int i = 0; i < RpcMeter.Buckets.Length; i++)
            {
                within += snapshot.Buckets[i];
                Line(text, Name + "_bucket", [("method", method), ("le", Number(RpcMeter.Buckets[i]))], within);
            }

            Line(text, Name + "_bucket", [("method", method), ("le", "+Inf")], snapshot.Count);
            Line(text, Name + "_sum", [("method", method)], snapshot.Seconds);
            Line(text, Name + "_count", [("method", method)], snapshot.Count);
        }
    }

    private static void Head(StringBuilder text, string name, string help, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, (string Name, string Value)[] labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').AppendJoin(',', labels.Select(label => $"{label.Name}=\"{Escape(label.Value)}\"")).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
