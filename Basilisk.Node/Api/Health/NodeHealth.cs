using Basilisk.Store;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Api.Health;

/// <summary>Whether the node can serve.</summary>
/// <param name="Status">ready or not-ready.</param>
/// <param name="Reasons">What is missing; empty when ready.</param>
public sealed record HealthView(string Status, IReadOnlyList<string> Reasons);

/// <summary>Ready: the chain is loaded, the store answers, and no projection has failed.</summary>
public sealed class NodeHealth(IStore store, ProjectionRunner projections, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // HTTP starts after the chain is loaded: being asked is proof of that.
    public async Task<HealthView> ReadyAsync(CancellationToken cancellation)
    {
        var reasons = new List<string>();
        using var patience = new CancellationTokenSource(Patience, time);
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await store.Events.HighWaterMarkAsync(waiting.Token);
            foreach (ProjectionStatus status in await projections.StatusAsync(waiting.Token))
            {
                if (status.State is ProjectionState.Failed or ProjectionState.Rebuilding)
                {
                    reasons.Add($"projection {status.Name} is {(status.State == ProjectionState.Failed ? "failed" : "being rebuilt")}: {status.Error ?? $"at {status.Position} of {status.HighWater}"}");
                }
            }
        }
        catch (StoreException error)
        {
            reasons.Add($"the store does not answer: {error.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            reasons.Add($"the store does not answer within {Patience.TotalSeconds} s");
        }

        return new HealthView(reasons.Count == 0 ? "ready" : "not-ready", reasons);
    }
}
