using System.Collections.Immutable;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Model;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Contracts.Rounds;
using Basilisk.Web.Charts;

namespace Basilisk.Web.Live;

/// <summary>
/// What the Overview shows and when: follows the feed, or stands still while paused and counts what it misses.
/// </summary>
public sealed class OverviewModel
{
    private ImmutableArray<QualityPoint> _charted;
    private LiveState _shown = LiveState.Empty;

    public bool Paused { get; private set; }

    /// <summary>Messages that came while paused.</summary>
    public long Missed { get; private set; }

    public bool Stale { get; private set; }

    public LiveState Shown => _shown;

    public StatusView? Status => _shown.Status;

    public IReadOnlyList<BlockSummary> Blocks => _shown.Blocks;

    public IReadOnlyList<RoundSummary> Rounds => _shown.Rounds;

    public ChartModel Quality { get; private set; } = Charted([]);

    public IReadOnlyList<double> HashCurve => [.. _shown.Work.Select(sample => sample.HashesPerSecond)];

    public IReadOnlyList<double> TokenCurve => [.. _shown.Work.Select(sample => sample.TokensPerSecond)];

    public IReadOnlyList<double> LossCurve => [.. _shown.Work.Where(sample => sample.Loss is not null).Select(sample => sample.Loss!.Value)];

    /// <summary>Takes the feed's state over, unless paused.</summary>
    public void Follow(LiveState state, DateTimeOffset now)
    {
        Stale = state.IsStale(now);
        if (Paused)
        {
            Missed = Math.Max(0, state.Sequence - _shown.Sequence);
            return;
        }

        Show(state);
    }

    public void Pause() => Paused = true;

    public void Resume(LiveState state, DateTimeOffset now)
    {
        Paused = false;
        Missed = 0;
        Follow(state, now);
    }

    private void Show(LiveState state)
    {
        _shown = state;
        if (_charted.IsDefault || _charted != state.Quality)
        {
            _charted = state.Quality;
            Quality = Charted(state.Quality);
        }
    }

    private static ChartModel Charted(ImmutableArray<QualityPoint> points) => new(
        "Model quality by block height",
        "block height",
        "nats per token",
        [
            new ChartSeries("Holdout loss", "s1", [.. points.Select(point => new ChartPoint(point.Height, point.HoldoutLoss))]),
            new ChartSeries("Training loss", "s2", [.. points.Select(point => new ChartPoint(point.Height, point.TrainingLoss))]),
        ]);
}
