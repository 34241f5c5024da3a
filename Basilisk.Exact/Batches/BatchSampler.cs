using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;

namespace Basilisk.Exact.Batches;

/// <summary>What a round is judged on: paid set P and confirmation set Q, no token in common.</summary>
public sealed record JudgingBatches(TokenBatch Paid, TokenBatch Confirmation);

/// <summary>
/// Draws windows of T + 1 tokens from a corpus by seed. A window has T inputs and, one place on, T targets.
/// </summary>
public sealed class BatchSampler
{
    /// <summary>Label of the stream that P and Q are drawn from.</summary>
    public const string JudgingLabel = "basilisk/judging-batches";

    /// <summary>Label of the stream that a work unit's training windows are drawn from.</summary>
    public const string TrainingLabel = "basilisk/training-batches";

    private readonly TokenCorpus _corpus;
    private readonly int _length;

    /// <param name="corpus">Where windows come from.</param>
    /// <param name="length">Inputs per window, T.</param>
    public BatchSampler(TokenCorpus corpus, int length)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        _corpus = corpus;
        _length = length;
    }

    private int Window => _length + 1;

    /// <summary>
    /// P and Q of a round. The training part is cut into slots of T + 1 tokens from a drawn phase in [0, T] on; distinct
    /// slots are drawn one after another (a slot drawn before is drawn again), the first for P, the rest for Q. So no two
    /// windows share a token, and no window boundary can be foreseen.
    /// </summary>
    /// <param name="seed">The round's evaluation seed.</param>
    /// <param name="paid">Windows in P.</param>
    /// <param name="confirmation">Windows in Q.</param>
    /// <exception cref="CorpusTooSmallException">The training part has fewer than 2 (P + Q) slots; half must stay undrawn so that drawing ends soon.</exception>
    public JudgingBatches DrawJudging(Hash256 seed, int paid, int confirmation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(paid);
        ArgumentOutOfRangeException.ThrowIfNegative(confirmation);
        var stream = new SeedStream(seed, JudgingLabel);
        long wanted = (long)paid + confirmation;
        long needed = (2 * wanted * Window) + _length;
        Require("training", _corpus.TrainingLength, needed);

        int phase = (int)stream.NextBelow((ulong)Window);
        int slots = (_corpus.TrainingLength - phase) / Window;
        var drawn = new HashSet<int>();
        var starts = new List<int>();
        while (starts.Count < wanted)
        {
            int slot = (int)stream.NextBelow((ulong)slots);
            if (drawn.Add(slot))
            {
                starts.Add(phase + (slot * Window));
            }
        }

        return new JudgingBatches(Gather(starts.Take(paid)), Gather(starts.Skip(paid)));
    }

    /// <summary>Windows number <paramref name="index"/> of a work unit's training stream: uniform over the training part, overlaps allowed.</summary>
    /// <param name="seed">The unit's data seed.</param>
    /// <param name="index">Which batch of the stream.</param>
    /// <param name="sequences">Windows in the batch.</param>
    /// <exception cref="CorpusTooSmallException">The training part is shorter than a window.</exception>
    public TokenBatch DrawTraining(Hash256 seed, long index, int sequences)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegative(sequences);
        Require("training", _corpus.TrainingLength, Window);
        var stream = new SeedStream(seed, TrainingLabel, (ulong)index);
        ulong places = (ulong)(_corpus.TrainingLength - Window + 1);
        var starts = new int[sequences];
        for (int i = 0; i < sequences; i++)
        {
            starts[i] = (int)stream.NextBelow(places);
        }

        return Gather(starts);
    }

    /// <summary>The fixed holdout H: window i starts at slot ⌊i · slots / N⌋ of the holdout part, the same for every round.</summary>
    /// <param name="sequences">Windows in H, N.</param>
    /// <exception cref="CorpusTooSmallException">The holdout part has fewer than N slots.</exception>
    public TokenBatch Holdout(int sequences)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequences);
        int holdout = _corpus.Count - _corpus.TrainingLength;
        Require("holdout", holdout, (long)sequences * Window);
        long slots = holdout / Window;
        return Gather(Enumerable.Range(0, sequences).Select(i => _corpus.TrainingLength + (int)(i * slots / sequences * Window)));
    }

    private static void Require(string part, long tokens, long needed)
    {
        if (tokens < needed)
        {
            throw new CorpusTooSmallException(part, tokens, needed);
        }
    }

    private TokenBatch Gather(IEnumerable<int> starts)
    {
        int[] places = [.. starts];
        ReadOnlySpan<ushort> source = _corpus.Tokens.Span;
        var tokens = new ushort[checked(places.Length * Window)];
        for (int i = 0; i < places.Length; i++)
        {
            source.Slice(places[i], Window).CopyTo(tokens.AsSpan(i * Window));
        }

        return new TokenBatch(places.Length, _length, tokens);
    }
}
