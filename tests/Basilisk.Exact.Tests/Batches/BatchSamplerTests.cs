using Basilisk.Exact.Batches;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Xunit;

namespace Basilisk.Exact.Tests.Batches;

public sealed class BatchSamplerTests
{
    private const int Length = 20;

    // Every token names its place, so that overlaps show.
    private static readonly TokenCorpus Corpus = new(65_536, [.. Enumerable.Range(0, 60_000).Select(i => (ushort)i)], 100);

    private static readonly BatchSampler Sampler = new(Corpus, Length);

    [Fact]
    public void Paid_and_confirmation_windows_share_no_token_and_stay_in_the_training_part()
    {
        for (int i = 0; i < 50; i++)
        {
            JudgingBatches batches = Sampler.DrawJudging(MerkleTree.LeafHash([(byte)i]), 300, 300);
            ushort[] tokens = [.. Tokens(batches.Paid), .. Tokens(batches.Confirmation)];
            Assert.Equal(600 * (Length + 1), tokens.Distinct().Count());
            Assert.All(tokens, token => Assert.True(token < 54_000));
        }
    }

    [Fact]
    public void Windows_are_runs_of_the_corpus()
    {
        TokenBatch batch = Sampler.DrawJudging(Hash256.Zero, 10, 10).Paid;
        for (int s = 0; s < batch.Sequences; s++)
        {
            ReadOnlySpan<ushort> window = batch.Sequence(s);
            Assert.Equal(Length + 1, window.Length);
            Assert.Equal(window[0] + Length, window[^1]);
        }
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_another_draws_others()
    {
        ushort[] first = Tokens(Sampler.DrawJudging(Hash256.Zero, 8, 8).Paid);
        Assert.Equal(first, Tokens(Sampler.DrawJudging(Hash256.Zero, 8, 8).Paid));
        Assert.NotEqual(first, Tokens(Sampler.DrawJudging(MerkleTree.LeafHash([]), 8, 8).Paid));
    }

    [Fact]
    public void Every_place_of_the_training_part_can_be_judged()
    {
        var starts = new HashSet<int>();
        for (int i = 0; i < 160; i++)
        {
            TokenBatch batch = Sampler.DrawJudging(MerkleTree.LeafHash([(byte)i, 1]), 300, 0).Paid;
            for (int s = 0; s < batch.Sequences; s++)
            {
                starts.Add(batch.Sequence(s)[0]);
            }
        }

        Assert.Equal(Length + 1, starts.Select(start => start % (Length + 1)).Distinct().Count());
        Assert.True(starts.Min() < 60 && starts.Max() > 53_900, $"{starts.Min()} to {starts.Max()}");
    }

    [Fact]
    public void Training_batches_differ_by_index_and_stay_in_the_training_part()
    {
        ushort[][] batches = [.. Enumerable.Range(0, 20).Select(i => Tokens(Sampler.DrawTraining(Hash256.Zero, i, 16)))];
        Assert.Equal(20, batches.Select(batch => string.Join(',', batch)).Distinct().Count());
        Assert.All(batches.SelectMany(batch => batch), token => Assert.True(token < 54_000));
        Assert.Equal(batches[7], Tokens(Sampler.DrawTraining(Hash256.Zero, 7, 16)));
    }

    [Fact]
    public void The_holdout_is_fixed_spread_out_and_outside_the_training_part()
    {
        TokenBatch batch = Sampler.Holdout(40);
        Assert.Equal(Tokens(batch), Tokens(new BatchSampler(Corpus, Length).Holdout(40)));
        Assert.Equal(40 * (Length + 1), Tokens(batch).Distinct().Count());
        Assert.All(Tokens(batch), token => Assert.True(token >= 54_000));
        Assert.True(batch.Sequence(39)[0] > 59_000);
    }

    [Fact]
    public void A_corpus_too_small_is_named_with_what_it_lacks()
    {
        var small = new BatchSampler(new TokenCorpus(10, new ushort[1000], 100), Length);
        CorpusTooSmallException judging = Assert.Throws<CorpusTooSmallException>(() => small.DrawJudging(Hash256.Zero, 20, 20));
        Assert.Equal(("training", 900, (2 * 40 * 21) + 20), (judging.Part, judging.Tokens, judging.Needed));
        CorpusTooSmallException holdout = Assert.Throws<CorpusTooSmallException>(() => small.Holdout(5));
        Assert.Equal(("holdout", 100, 105), (holdout.Part, holdout.Tokens, holdout.Needed));
    }

    private static ushort[] Tokens(TokenBatch batch) =>
        [.. Enumerable.Range(0, batch.Sequences).SelectMany(s => batch.Sequence(s).ToArray())];
}
