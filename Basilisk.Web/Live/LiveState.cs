using System.Collections.Immutable;
using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Live;
using Basilisk.Contracts.Model;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Contracts.Rounds;

namespace Basilisk.Web.Live;

/// <summary>One moment of the node's work, kept for the small curves beside live figures.</summary>
/// <param name="At">When the portal received it.</param>
/// <param name="HashesPerSecond">The miner's rate.</param>
/// <param name="TokensPerSecond">The trainer's rate.</param>
/// <param name="Loss">Smoothed training loss, nats per token.</param>
public sealed record WorkSample(DateTimeOffset At, double HashesPerSecond, double TokensPerSecond, double? Loss);

/// <summary>
/// Everything live pages show, at one moment. Immutable: a message makes a new one, readers keep theirs.
/// </summary>
/// <param name="Sequence">Number of the last message in it.</param>
/// <param name="Status">The node; null before the first snapshot.</param>
/// <param name="Blocks">Newest blocks, newest first.</param>
/// <param name="Rounds">Newest rounds, newest first.</param>
/// <param name="Quality">Newest quality points, oldest first.</param>
/// <param name="Work">The last minutes of work, oldest first.</param>
/// <param name="Connected">Whether the hub is connected now.</param>
/// <param name="ReceivedAt">When the last message came; null before the first.</param>
/// <param name="Problem">Why the hub is not connected, in words.</param>
public sealed record LiveState(
    long Sequence,
    StatusView? Status,
    ImmutableArray<BlockSummary> Blocks,
    ImmutableArray<RoundSummary> Rounds,
    ImmutableArray<QualityPoint> Quality,
    ImmutableArray<WorkSample> Work,
    bool Connected,
    DateTimeOffset? ReceivedAt,
    string? Problem)
{
    /// <summary>Blocks kept; the snapshot brings as many.</summary>
    public const int MostBlocks = 20;

    /// <summary>Rounds kept; the snapshot brings as many.</summary>
    public const int MostRounds = 10;

    /// <summary>Quality points kept; the snapshot brings as many.</summary>
    public const int MostQuality = 200;

    /// <summary>Work samples kept: four minutes.</summary>
    public const int MostWork = 120;

    private static readonly TimeSpan WorkSpacing = TimeSpan.FromSeconds(2);

    public static LiveState Empty { get; } = new(0, null, [], [], [], [], false, null, null);

    /// <summary>
    /// True when nothing came for twice the expected block time: what is shown may no longer be so.
    /// </summary>
    public bool IsStale(DateTimeOffset now) =>
        ReceivedAt is { } at && Status is { } status && now - at > TimeSpan.FromSeconds(2 * Math.Max(1, status.BlockIntervalSeconds));

    /// <summary>Starts anew from a snapshot; the work curve survives because it is the portal's own.</summary>
    public LiveState With(LiveSnapshot snapshot, DateTimeOffset now) => new LiveState(
        snapshot.Sequence,
        snapshot.Status,
        [.. snapshot.Blocks.Take(MostBlocks)],
        [.. snapshot.Rounds.Take(MostRounds)],
        [.. snapshot.Quality.TakeLast(MostQuality)],
        Work,
        Connected: true,
        now,
        Problem: null).WithWork(snapshot.Status, now);

    /// <summary>The state after the next message. The caller has checked that it is the next one.</summary>
    public LiveState With(LiveDelta delta, DateTimeOffset now)
    {
        var blocks = Blocks;
        if (delta.Disconnected is { } gone)
        {
            blocks = blocks.RemoveAll(block => block.Hash == gone);
        }

        if (delta.Block is { } added)
        {
            blocks = [added, .. blocks.Where(block => block.Hash != added.Hash).Take(MostBlocks - 1)];
        }

        var next = this with
        {
            Sequence = delta.Sequence,
            Status = delta.Status ?? Status,
            Blocks = blocks,
            Rounds = delta.Round is { } round ? Merge(Rounds, round) : Rounds,
            Quality = delta.Quality is { } point ? Merge(Quality, point) : Quality,
            Connected = true,
            ReceivedAt = now,
            Problem = null,
        };
        return delta.Status is { } status ? next.WithWork(status, now) : next;
    }

    /// <summary>The connection broke: the data stay, marked.</summary>
    public LiveState Lost(string problem) => this with { Connected = false, Problem = problem };

    private static ImmutableArray<RoundSummary> Merge(ImmutableArray<RoundSummary> rounds, RoundSummary round) =>
        [.. rounds.Where(other => other.Number != round.Number).Append(round).OrderByDescending(other => other.Number).Take(MostRounds)];

    private static ImmutableArray<QualityPoint> Merge(ImmutableArray<QualityPoint> points, QualityPoint point) =>
        [.. points.Where(other => other.Round < point.Round).TakeLast(MostQuality - 1), point];

    private LiveState WithWork(StatusView status, DateTimeOffset now)
    {
        if (Work.Length > 0 && now - Work[^1].At < WorkSpacing)
        {
            return this;
        }

        var sample = new WorkSample(now, status.Mining.HashesPerSecond, status.Training.TokensPerSecond, status.Training.Loss);
        return this with { Work = [.. Work.TakeLast(MostWork - 1), sample] };
    }
}
