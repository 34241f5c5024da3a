using Basilisk.Store.Events;

namespace Basilisk.Store.Projections;

/// <summary>One projection on its way through the events.</summary>
internal sealed class ProjectionLoop(
    IStore store, IProjection projection, ProjectionRunnerOptions options, TimeProvider time, Gate moves)
{
    private readonly Lock _lock = new();
    private readonly Gate _resets = new();
    private ProjectionState _state = ProjectionState.Stopped;
    private ProjectionFailedException? _failure;
    private string? _error;
    private long _position = -1;
    private long _outdatedAt;
    private volatile bool _following;

    public string Name { get; } = projection.Name;

    public ProjectionFailedException? Failure
    {
        get { lock (_lock) { return _failure; } }
    }

    /// <summary>Sequence reached; -1 before the first step.</summary>
    public long Position
    {
        get { lock (_lock) { return _position; } }
    }

    public ProjectionStatus Status(ProjectionPosition? stored, long highWater)
    {
        lock (_lock)
        {
            var position = stored is { } p && p.Version == projection.Version ? p.Sequence : 0;
            return new ProjectionStatus(Name, projection.Version, position, highWater, _state, _error);
        }
    }

    /// <summary>Drops the documents and goes back to the start; a failure is forgotten.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await using (var transaction = await store.Projections.BeginAsync(Name, cancellationToken))
        {
            await BeginAnewAsync(transaction, null, ProjectionState.Rebuilding, cancellationToken);
        }
        _resets.Increment();
    }

    /// <summary>Applies what is there up to <paramref name="target"/>.</summary>
    public async Task CatchUpAsync(long target, IProgress<RebuildProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            while (await StepAsync(cancellationToken))
            {
                progress?.Report(new RebuildProgress(Name, Math.Min(Position, target), target));
                if (Position >= target)
                {
                    break;
                }
            }
            Set(_following ? ProjectionState.Live : ProjectionState.Stopped);
        }
        catch (ProjectionFailedException e)
        {
            Fail(e);
            throw;
        }
    }

    /// <summary>Follows <paramref name="marks"/> until cancelled.</summary>
    public async Task RunAsync(Gate marks, CancellationToken cancellationToken)
    {
        // Leaves the caller's thread, so that loops start side by side.
        await Task.Yield();
        _following = true;
        try
        {
            while (true)
            {
                var mark = marks.Value;
                if (await AdvanceAsync(cancellationToken))
                {
                    await marks.WaitAboveAsync(mark, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Set(ProjectionState.Stopped);
        }
        finally
        {
            _following = false;
        }
    }

    /// <summary>True when it caught up; false when it had to wait and should look again.</summary>
    private async Task<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        var resets = _resets.Value;
        try
        {
            while (await StepAsync(cancellationToken))
            {
            }
            Set(ProjectionState.Live);
            return true;
        }
        catch (ProjectionFailedException e)
        {
            Fail(e);
            options.Failed?.Invoke(e);
            await _resets.WaitAboveAsync(resets, cancellationToken);
            return false;
        }
        catch (StoreException e) when (IsPassing(e))
        {
            Set(ProjectionState.Waiting, error: e.Message);
            options.Waiting?.Invoke(Name, e);
            await Task.Delay(options.RetryDelay, time, cancellationToken);
            return false;
        }
    }

    /// <summary>Applies one page; false where there was none.</summary>
    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var (applied, outdated) = await ApplyPageAsync(cancellationToken);
        if (outdated is not null)
        {
            await DeriveAnewAsync(outdated, cancellationToken);
        }
        return applied;
    }

    /// <summary>The event that the documents cannot follow comes back with it; nothing of its page was applied.</summary>
    private async Task<(bool Applied, StoredEvent? Outdated)> ApplyPageAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await store.Projections.BeginAsync(Name, cancellationToken);
        if (transaction.Position is not { } at || at.Version != projection.Version)
        {
            await BeginAnewAsync(transaction, null, transaction.Position is null ? ProjectionState.CatchingUp : ProjectionState.Rebuilding, cancellationToken);
            return (true, null);
        }
        var page = await store.Events.ReadPageAsync(at.Sequence, options.PageSize, cancellationToken);
        if (page.Count == 0)
        {
            Set(position: at.Sequence);
            return (false, null);
        }
        var session = new ProjectionSession(transaction, page[0]);
        try
        {
            await projection.ApplyAsync(page, session, cancellationToken);
            await transaction.CommitAsync(projection.Version, page[^1].Sequence, cancellationToken);
        }
        catch (ProjectionOutdatedException e) when (session.Current.Sequence > _outdatedAt)
        {
            options.Outdated?.Invoke(Name, e);
            return (true, session.Current);
        }
        catch (Exception e) when (IsOwnFault(e, cancellationToken))
        {
            throw new ProjectionFailedException(Name, session.Current.Sequence, session.Current.Type, e);
        }
        Set(State == ProjectionState.Rebuilding ? ProjectionState.Rebuilding : ProjectionState.CatchingUp, position: page[^1].Sequence);
        return (true, null);
    }

    /// <summary>Back to the start, prepared for the event that could not be followed. Once for each: what twice cannot be followed is a fault.</summary>
    private async Task DeriveAnewAsync(StoredEvent outdated, CancellationToken cancellationToken)
    {
        await using var transaction = await store.Projections.BeginAsync(Name, cancellationToken);
        try
        {
            await BeginAnewAsync(transaction, outdated, ProjectionState.Rebuilding, cancellationToken);
        }
        catch (Exception e) when (IsOwnFault(e, cancellationToken))
        {
            throw new ProjectionFailedException(Name, outdated.Sequence, outdated.Type, e);
        }
    }

    private ProjectionState State
    {
        get { lock (_lock) { return _state; } }
    }

    /// <summary>Drops the documents and goes back to the start, prepared for the event that could not be followed, if there was one.</summary>
    private async Task BeginAnewAsync(IProjectionTransaction transaction, StoredEvent? outdated, ProjectionState state, CancellationToken cancellationToken)
    {
        await transaction.ClearAsync(cancellationToken);
        if (outdated is not null)
        {
            await projection.PrepareAsync(store.Events, new ProjectionSession(transaction, outdated), cancellationToken);
        }
        await transaction.CommitAsync(projection.Version, 0, cancellationToken);
        _outdatedAt = outdated?.Sequence ?? 0;
        Set(state, position: 0);
    }

    // Trouble of the database passes; everything else would fail again on the same page.
    private static bool IsPassing(Exception e) => e is StoreUnavailableException or StoreDiskFullException;

    private static bool IsOwnFault(Exception e, CancellationToken cancellationToken) =>
        !IsPassing(e) && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private void Fail(ProjectionFailedException e)
    {
        lock (_lock)
        {
            _failure = e;
            _state = ProjectionState.Failed;
            _error = e.Message;
        }
        moves.Increment();
    }

    private void Set(ProjectionState? state = null, long? position = null, string? error = null)
    {
        lock (_lock)
        {
            _state = state ?? _state;
            _position = position ?? _position;
            if (state is not null)
            {
                _error = error;
                _failure = null;
            }
        }
        moves.Increment();
    }
}
