using System.Diagnostics.Metrics;
using Basilisk.Node.Status;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Basilisk.Node.Api.Metrics;

/// <summary>
/// Sends the same metrics over OTLP where OTEL_EXPORTER_OTLP_ENDPOINT is set; the standard's other variables (headers, protocol,
/// interval) work as everywhere.
/// </summary>
internal sealed class OpenTelemetryExport(NodeMetrics metrics) : IHostedService, IDisposable
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string MeterName = "Basilisk.Node";

    private Meter? _meter;
    private MeterProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable)))
        {
            _meter = new Meter(MeterName, NodeStatus.Version);
            foreach (Metric metric in metrics.All)
            {
                Add(_meter, metric);
            }

            _provider = Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(resource => resource.AddService("basilisk-node", serviceVersion: NodeStatus.Version))
                .AddMeter(MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddOtlpExporter()
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _provider?.Dispose();
        _provider = null;
        _meter?.Dispose();
        _meter = null;
    }

    private static void Add(Meter meter, Metric metric)
    {
        IEnumerable<Measurement<double>> Read() => metric.Read().Select(sample => new Measurement<double>(
            sample.Value,
            sample.Labels.Select(label => KeyValuePair.Create<string, object?>(label.Name, label.Value))));

        if (metric.Type == MetricType.Counter)
        {
            meter.CreateObservableCounter(metric.Name, Read, metric.Unit, metric.Help);
        }
        else
        {
            meter.CreateObservableGauge(metric.Name, Read, metric.Unit, metric.Help);
        }
    }
}
