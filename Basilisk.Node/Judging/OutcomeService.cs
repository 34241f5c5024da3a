using System.Collections.Concurrent;
using System.Diagnostics;
using Basilisk.Chain.Settlement;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Judging;

/// <summary>
/// Judges rounds in the background, from the moment the last reveal block is on the tip, so that the result is there when the
/// round's last block needs it. A question is asked once, whoever asks. One is judged at a time, on all cores; of those that wait,
/// one of the chain that the node follows comes first.
/// </summary>
public sealed class OutcomeService(RoundJudge judge, PayloadBook payloads, ILogger<OutcomeService> log, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<(Hash256 Seed, Hash256 Model), Lazy<Task<RoundOutcome>>> _outcomes = new();
    private readonly JudgingLane _lane = new();
    private int _running;

    /// <summary>Whether a view's chain is the one the node follows: its round is judged before others that wait.</summary>
    public Func<ChainView, bool> IsUrgent { get; set; } = _ => true;

    /// <summary>Whether a round is being judged now: the trainer makes room.</summary>
    public bool IsJudging => Volatile.Read(ref _running) > 0;

    /// <summary>Whether an answer is still to come, begun or about to begin.</summary>
    public bool IsPending => _outcomes.Values.Any(started => !started.IsValueCreated || !started.Value.IsCompleted);

    /// <summary>Checkpoints that the known results lead to.</summary>
    public IEnumerable<Hash256> Results =>
        from started in _outcomes.Values
        where started.IsValueCreated && started.Value.IsCompletedSuccessfully
        select started.Value.Result.NextModelRoot;

    /// <summary>Starts judging the view's round if its question is known and was not asked before.</summary>
    public void Prepare(ChainView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (Chain.Rounds.EvaluationSeed.Known(view.State) is not null)
        {
            _ = OutcomeAsync(view, CancellationToken.None);
        }
    }

    /// <summary>Takes the judge's turn, so that no round is judged until what comes back is disposed.</summary>
    internal Task<IDisposable> HoldAsync() => _lane.EnterAsync(() => true, stopping);

    /// <summary>The result of the view's round if it is there already.</summary>
    public RoundOutcome? Ready(ChainView view) =>
        Key(view) is { } key && _outcomes.TryGetValue(key, out Lazy<Task<RoundOutcome>>? started) && started.Value.IsCompletedSuccessfully ? started.Value.Result : null;

    /// <summary>The result of the view's round, which needs every reveal block of it.</summary>
    /// <exception cref="InvalidOperationException">The round's seed is not known yet.</exception>
    public async Task<RoundOutcome> OutcomeAsync(ChainView view, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        (Hash256, Hash256) key = Key(view) ?? throw new InvalidOperationException($"Round {view.Round} cannot be judged before its reveal phase is over.");
        Lazy<Task<RoundOutcome>> started = _outcomes.GetOrAdd(key, _ => new Lazy<Task<RoundOutcome>>(() => Task.Run(() => JudgeAsync(view), stopping)));
        try
        {
            return await started.Value.WaitAsync(cancellation);
        }
        catch (Exception) when (started.Value.IsFaulted || started.Value.IsCanceled)
        {
            _outcomes.TryRemove(KeyValuePair.Create(key, started)); // Asked again, it is tried again.
            throw;
        }
    }

    /// <summary>Takes a result that is known from the log.</summary>
    public void Remember(ChainView view, RoundOutcome outcome)
    {
        if (Key(view) is { } key)
        {
            _outcomes[key] = new Lazy<Task<RoundOutcome>>(Task.FromResult(outcome));
        }
    }

    /// <summary>Forgets every result but those of the given rounds and later.</summary>
    public void ForgetBefore(ulong round)
    {
        foreach (var (key, started) in _outcomes)
        {
            if (started.IsValueCreated && (started.Value.IsFaulted || (started.Value.IsCompletedSuccessfully && started.Value.Result.Round < round)))
            {
                _outcomes.TryRemove(key, out _);
            }
        }
    }

    private static (Hash256 Seed, Hash256 Model)? Key(ChainView view) =>
        Chain.Rounds.EvaluationSeed.Known(view.State) is { } seed ? (seed, view.State.ModelRoot) : null;

    private async Task<RoundOutcome> JudgeAsync(ChainView view)
    {
        using IDisposable turn = await _lane.EnterAsync(() => IsUrgent(view), stopping);
        Interlocked.Increment(ref _running);
        try
        {
            long started = Stopwatch.GetTimestamp();
            await payloads.LoadAsync(view.JudgedPayloads, stopping);
            RoundJudgement judgement = RoundJudgement.From(view.State, payloads)
                ?? throw new InvalidOperationException($"Round {view.Round} has no question yet.");
            Judged judged = judge.Judge(judgement, view.Trail, null, stopping);
            log.RoundJudged(judgement.Round, Stopwatch.GetElapsedTime(started).TotalSeconds, judgement.Payloads.Length, judged.Cost?.Evaluations ?? 0);
            return judged.Outcome;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.JudgingFailed(error, view.Round);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
