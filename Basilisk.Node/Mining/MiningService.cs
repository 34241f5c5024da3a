using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Judging;
using Basilisk.Node.Mempool;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Sync;
using Basilisk.Store;

namespace Basilisk.Node.Mining;

/// <summary>
/// Mines on the tip: a template, a search over its nonces on own threads, and the block handed to the chainstate. A new tip or a
/// new transaction makes a new template. On small networks the search works only a share of the time (the duty cycle), so that
/// training has the machine.
/// </summary>
public sealed class MiningService(
    ChainstateService chainstate,
    ChainRules rules,
    TransactionPool pool,
    OutcomeService outcomes,
    MiningMeter meter,
    SyncGate sync,
    MiningOptions options,
    Address miner,
    TimeProvider time,
    ILogger<MiningService> log)
{
    /// <summary>Hashes between looks at the clock and the stop signal: under a millisecond on any kernel.</summary>
    private const int Stretch = 2048;

    private static readonly TimeSpan TemplateAge = TimeSpan.FromSeconds(2);

    /// <summary>New transactions renew a template at most this often, however many come in.</summary>
    private static readonly TimeSpan ShortestTemplateAge = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly BlockAssembler _assembler = new(rules);
    private readonly ExtraData _extra = new(System.Text.Encoding.UTF8.GetBytes(options.ExtraData));
    private Template _template = new(new CancellationTokenSource(), 0);
    private DutyCycle[] _duties = [];
    private Hash256 _pausedAt;

    /// <summary>
    /// On the test network every second hash is a block and a round reveals in one: without a pause between blocks, no trainer would
    /// have its reveal ready before that block is found.
    /// </summary>
    private TimeSpan Pause { get; } = rules.Parameters.Name is "test" ? TimeSpan.FromMilliseconds(60) : TimeSpan.Zero;

    public double Duty { get; } = options.DutyCycle ?? DefaultDuty(rules.Parameters);

    /// <summary>Small networks are for training on one machine: hashing takes a few hundredths of a core.</summary>
    public static double DefaultDuty(NetworkParameters parameters) => parameters.Name is "main" ? 1.0 : 0.03;

    public async Task RunAsync(CancellationToken stopping)
    {
        log.MiningStarted(options.Threads, HeaderSearch.Widest.ToString(), Duty);
        _duties = [.. Enumerable.Range(0, options.Threads).Select(_ => new DutyCycle(Duty, time))];
        using IDisposable subscription = chainstate.Subscribe(_ => Volatile.Read(ref _template).Stale.Cancel());
        pool.Added += RenewSoon;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await WaitUntilCurrentAsync(stopping);
                await MineOnceAsync(stopping);
            }
        }
        finally
        {
            pool.Added -= RenewSoon;
        }
    }

    /// <summary>A block on a tip that the network has long left would be for nothing.</summary>
    private async Task WaitUntilCurrentAsync(CancellationToken stopping)
    {
        if (sync.IsCurrent)
        {
            return;
        }

        meter.Waiting = "syncing";
        await sync.WhenCurrentAsync(stopping);
        meter.Waiting = null;
    }

    private void RenewSoon()
    {
        Template template = Volatile.Read(ref _template);
        TimeSpan left = ShortestTemplateAge - time.GetElapsedTime(template.Built);
        template.Stale.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    private async Task MineOnceAsync(CancellationToken stopping)
    {
        // Not disposed: a callback may cancel it a moment after it was replaced.
        var stale = new CancellationTokenSource(TemplateAge, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stale.Token, stopping);
        Volatile.Write(ref _template, new Template(stale, time.GetTimestamp()));
        try
        {
            if (Pause > TimeSpan.Zero && chainstate.Current.Hash != _pausedAt)
            {
                _pausedAt = chainstate.Current.Hash;
                await Task.Delay(Pause, time, stopping);
            }

            ChainView view = chainstate.Current;
            RoundOutcome? outcome = null;
            if (rules.NeedsOutcome(view.State))
            {
                meter.Waiting = outcomes.Ready(view) is null ? "judging" : null;
                outcome = await outcomes.OutcomeAsync(view, stopping);
                meter.Waiting = null;
            }

            ulong now = (ulong)time.GetUtcNow().ToUnixTimeSeconds();
            BlockTemplate template = _assembler.Build(view.State, miner, pool.Candidates(view), now, outcome, _extra);
            ulong? nonce = await SearchAsync(template, either.Token);
            if (nonce is { } found)
            {
                await SubmitAsync(template.WithNonce(found), stopping);
            }
        }
        catch (StoreException error)
        {
            log.MiningFailed(error, error.Message);
            await Task.Delay(PauseAfterFailure, time, stopping);
        }
    }

    private async Task SubmitAsync(Block block, CancellationToken stopping)
    {
        BlockSubmission submission = await chainstate.SubmitAsync(block, stopping);
        if (submission.Refusal is null)
        {
            meter.Found();
            log.BlockMined(block.Height, block.Hash.ToString());
            return;
        }

        // The chainstate said why. The next template may fare better once the clock or the tip has moved.
        await Task.Delay(PauseAfterFailure, time, stopping);
    }

    private async Task<ulong?> SearchAsync(BlockTemplate template, CancellationToken cancellation)
    {
        var search = new HeaderSearch(template.Block.Header.PrefixForMining());
        UInt256 target = template.Block.Header.Target.ToTarget();
        using var won = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ulong start = (ulong)Random.Shared.NextInt64();
        Task<ulong?>[] threads =
        [
            .. Enumerable.Range(0, options.Threads).Select(i => Task.Factory.StartNew(
                () => SearchThread(search, target, unchecked(start + ((ulong)i << 48)), _duties[i], won),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        ulong?[] found = await Task.WhenAll(threads);
        return found.FirstOrDefault(nonce => nonce is not null);
    }

    private ulong? SearchThread(HeaderSearch search, UInt256 target, ulong nonce, DutyCycle duty, CancellationTokenSource won)
    {
        while (true)
        {
            duty.Rest(won.Token);
            if (won.IsCancellationRequested)
            {
                return null;
            }

            long started = time.GetTimestamp();
            ulong? found = search.Search(nonce, Stretch, target);
            duty.Worked(time.GetElapsedTime(started));
            meter.Hashed(Stretch);
            if (found is not null)
            {
                won.Cancel();
                return found;
            }

            nonce = unchecked(nonce + Stretch);
        }
    }

    /// <param name="Stale">Cancelled when another should be built.</param>
    /// <param name="Built">When it was begun.</param>
    private sealed record Template(CancellationTokenSource Stale, long Built);
}
