namespace Basilisk.Node.Training;

/// <summary>What the trainer is doing, for the status line. Written by the trainer's thread, read by anyone.</summary>
public sealed class TrainingMeter(TimeProvider time)
{
    private const double LossSmoothing = 0.98;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, long Tokens)> _recent = new();
    private long? _started;
    private TimeSpan _busy;
    private double? _loss;

    public long Tokens { get; private set; }

    public long Steps { get; private set; }

    public string Activity { get; set; } = "stopped";

    public string? Unit { get; set; }

    /// <summary>Training loss, smoothed over about fifty steps, nats per token.</summary>
    public double? Loss
    {
        get
        {
            lock (_gate)
            {
                return _loss;
            }
        }
    }

    /// <summary>Share of wall time since the trainer started that went into optimiser steps.</summary>
    public double BusyShare
    {
        get
        {
            lock (_gate)
            {
                return _started is { } started && time.GetElapsedTime(started) is { Ticks: > 0 } wall ? Math.Min(1, _busy / wall) : 0;
            }
        }
    }

    public double TokensPerSecond
    {
        get
        {
            lock (_gate)
            {
                Trim();
                return _recent.Count == 0 ? 0 : _recent.Sum(entry => entry.Tokens) / Window.TotalSeconds;
            }
        }
    }

    public void Start()
    {
        lock (_gate)
        {
            _started ??= time.GetTimestamp();
        }
    }

    public void Stepped(long tokens, double loss, TimeSpan took)
    {
        lock (_gate)
        {
            Tokens += tokens;
            Steps++;
            _busy += took;
            _loss = _loss is { } smooth ? (LossSmoothing * smooth) + ((1 - LossSmoothing) * loss) : loss;
            _recent.Enqueue((time.GetTimestamp(), tokens));
            Trim();
        }
    }

    private void Trim()
    {
        while (_recent.TryPeek(out (long At, long Tokens) oldest) && time.GetElapsedTime(oldest.At) > Window)
        {
            _recent.Dequeue();
        }
    }
}
