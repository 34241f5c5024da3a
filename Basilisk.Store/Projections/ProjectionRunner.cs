namespace Basilisk.Store.Projections;

/// <summary>
/// Runs projections from where they stopped: first what was appended before, in pages, then live. Each has its own position, so
/// one that fails does not hold up the others. Thread-safe.
/// </summary>
public sealed class ProjectionRunner
{
    private readonly IStore _store;
    private readonly ProjectionRunnerOptions _options;
    private readonly Dictionary<string, ProjectionLoop> _loops;
    private readonly Gate _marks = new();
    private readonly Gate _moves = new();

    /// <param name="store">Holds events, documents and progress.</param>
    /// <param name="projections">With distinct names.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="time">Clock of the pause before a retry.</param>
    public ProjectionRunner(
        IStore store, IEnumerable<IProjection> projections, ProjectionRunnerOptions? options = null, TimeProvider? time = null)
    {
        _store = store;
        _options = options ?? new ProjectionRunnerOptions();
        _options.Validate();
        _loops = projections.ToDictionary(
            p => p.Name, p => new ProjectionLoop(store, p, _options, time ?? TimeProvider.System, _moves), StringComparer.Ordinal);
    }

    /// <summary>Applies everything up to the high-water mark of now, one projection after the other, and returns.</summary>
    /// <exception cref="ProjectionFailedException">A projection threw.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken = default)
    {
        var target = await _store.Events.HighWaterMarkAsync(cancellationToken);
        foreach (var loop in _loops.Values)
        {
            await loop.CatchUpAsync(target, null, cancellationToken);
        }
    }

    /// <summary>
    /// Catches up, then follows new events until cancelled, when it returns. A projection that fails stays
    /// <see cref="ProjectionState.Failed"/> until it is rebuilt; the others go on.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be used at all (wrong password, wrong schema); everything stopped.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parts = _loops.Values.Select(loop => loop.RunAsync(_marks, stop.Token)).Append(FollowAsync(stop.Token)).ToList();
        await Task.WhenAny(parts);
        // A part ends early only by failing; the others cannot do without it.
        await stop.CancelAsync();
        await Task.WhenAll(parts);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var mark in _store.Events.SubscribeAsync(0, cancellationToken))
            {
                _marks.Raise(mark);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The only way a subscription ends.
        }
    }

    /// <summary>
    /// Drops the projection's documents, sets it back to the start and applies every event again. Also revives one that failed.
    /// </summary>
    /// <exception cref="ArgumentException">No projection has this name; the message lists those there are.</exception>
    /// <exception cref="ProjectionFailedException">It threw.</exception>
    public async Task RebuildAsync(
        string name, IProgress<RebuildProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!_loops.TryGetValue(name, out var loop))
        {
            throw new ArgumentException($"No projection is called '{name}'; there are: {string.Join(", ", _loops.Keys)}.", nameof(name));
        }
        await loop.ResetAsync(cancellationToken);
        var target = await _store.Events.HighWaterMarkAsync(cancellationToken);
        await loop.CatchUpAsync(target, progress, cancellationToken);
    }

    /// <summary>Returns when every projection has applied <paramref name="sequence"/>; needs <see cref="RunAsync"/> to be running.</summary>
    /// <exception cref="ProjectionFailedException">One of them failed before.</exception>
    public async Task WaitForAsync(long sequence, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var move = _moves.Value;
            if (_loops.Values.Select(l => l.Failure).FirstOrDefault(f => f is not null) is { } failure)
            {
                throw new ProjectionFailedException(failure.Projection, failure.Sequence, failure.EventType, failure.InnerException!);
            }
            if (_loops.Values.All(l => l.Position >= sequence))
            {
                return;
            }
            await _moves.WaitAboveAsync(move, cancellationToken);
        }
    }

    /// <summary>Every projection's status, by name.</summary>
    public async Task<IReadOnlyList<ProjectionStatus>> StatusAsync(CancellationToken cancellationToken = default)
    {
        var stored = (await _store.Projections.PositionsAsync(cancellationToken)).ToDictionary(p => p.Name, StringComparer.Ordinal);
        var mark = await _store.Events.HighWaterMarkAsync(cancellationToken);
        return [.. _loops.Values.OrderBy(l => l.Name, StringComparer.Ordinal).Select(l => l.Status(stored.GetValueOrDefault(l.Name), mark))];
    }
}
