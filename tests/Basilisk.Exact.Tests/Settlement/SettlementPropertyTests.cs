using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Exact.Shapes;
using Xunit;

namespace Basilisk.Exact.Tests.Settlement;

/// <summary>What holds of every round, whatever the deltas, the weights and the judge: drawn rounds, most of them absurd.</summary>
public sealed class SettlementPropertyTests
{
    private static readonly ModelShape Shape = new(Vocabulary: 8, Width: 4, Layers: 1, Heads: 1, FeedForward: 4, Context: 4, TiedHead: true);

    private static readonly int Count = Shape.ParameterCount;

    [Fact]
    public void Credits_are_never_negative_and_sum_to_the_gain_or_to_nothing()
    {
        int settled = 0;
        int shared = 0;
        int unpaid = 0;
        for (int i = 0; i < 400; i++)
        {
            SettlementInput input = Draw(i);
            SettlementResult result = Settle(input, i);
            settled += result.Settled ? 1 : 0;
            unpaid += result.Settled && !result.Pays ? 1 : 0;
            shared += result.Settled && result.Candidates.Count(candidate => candidate.Credit > 0) > 1 ? 1 : 0;
            Assert.Equal(result.Pays ? result.Gain : 0, result.Candidates.Sum(candidate => candidate.Credit));
            Assert.All(result.Candidates, candidate => Assert.True(candidate.Credit >= 0 && (candidate.Accepted || candidate.Credit == 0)));
            Assert.All(result.Candidates, candidate => Assert.True(candidate.FreshGain <= candidate.Gain));
            Assert.True(result.Settled ? result.Pays || result.UnpaidReason == SettlementReasons.PublicStep : result.UnpaidReason is not null);
        }

        Assert.True(settled > 100 && shared > 50 && unpaid > 5, $"{settled} settled, {shared} shared, {unpaid} unpaid: the draw shows too little");
    }

    [Fact]
    public void The_next_model_is_rebuilt_from_the_record_and_stays_in_range()
    {
        for (int i = 0; i < 400; i++)
        {
            SettlementInput input = Draw(i);
            SettlementResult result = Settle(input, i);
            Checkpoint rebuilt = RoundSettlement.Apply(input, result);
            Assert.True(result.Next.Weights.Span.SequenceEqual(rebuilt.Weights.Span));
            Assert.False(result.Next.Weights.Span.Contains(int.MinValue));
        }
    }

    [Fact]
    public void Any_order_of_the_candidates_gives_the_same_round()
    {
        for (int i = 0; i < 200; i++)
        {
            SettlementInput input = Draw(i);
            SettlementResult straight = Settle(input, i);
            var stream = new SeedStream(Hash256.Zero, "order", (ulong)i);
            int[] order = [.. Enumerable.Range(0, input.Candidates.Count).OrderBy(_ => stream.NextUInt64())];
            SettlementResult permuted = Settle(input with { Candidates = [.. order.Select(place => input.Candidates[place])] }, i);
            Assert.Equal(order.Select(place => straight.Candidates[place]), permuted.Candidates);
            Assert.True(straight.Next.Weights.Span.SequenceEqual(permuted.Next.Weights.Span));
        }
    }

    [Fact]
    public void A_round_is_a_function_of_its_input()
    {
        SettlementInput input = Draw(3);
        SettlementResult first = Settle(input, 3);
        SettlementResult second = Settle(input, 3);
        Assert.Equal(first.Candidates, second.Candidates);
        Assert.Equal(first.Cost, second.Cost);
    }

    private static SettlementResult Settle(SettlementInput input, int number) =>
        RoundSettlement.Settle(input, new AbsurdJudge(number), null, CancellationToken.None);

    /// <summary>Up to six candidates, from one unit to the largest values there are, some equal; weights anywhere in their range.</summary>
    private static SettlementInput Draw(int number)
    {
        var stream = new SeedStream(Hash256.Zero, "absurd-round", (ulong)number);
        var candidates = new List<Candidate>();
        int wanted = 1 + (int)stream.NextBelow(6);
        while (candidates.Count < wanted)
        {
            bool copy = candidates.Count > 0 && stream.NextBelow(4) == 0;
            SparseDelta delta = copy ? candidates[^1].Delta : RandomDelta(stream);
            candidates.Add(new Candidate(ToyRound.Id($"{number}-{candidates.Count}"), delta));
        }

        Checkpoint current = RandomCheckpoint(stream);
        int still = stream.NextBelow(2) == 0 ? 0 : 1 + (int)stream.NextBelow(3);
        return new SettlementInput
        {
            Shape = Shape,
            Parameters = new SettlementParameters { Significance = (int)stream.NextBelow(3), HoldoutTolerance = 1L << 31 },
            Current = current,
            Origin = RandomCheckpoint(stream),
            Past = [.. Enumerable.Repeat(current, still), .. Enumerable.Range(0, (int)stream.NextBelow(5)).Select(_ => RandomCheckpoint(stream))],
            PastPayloads = stream.NextBelow(2) == 0 ? [] : [[RandomDelta(stream), candidates[0].Delta], [], [RandomDelta(stream)]],
            Candidates = candidates,
            Paid = Batch(4),
            Confirmation = Batch(5),
            Holdout = Batch(2),
        };
    }

    private static TokenBatch Batch(int sequences) => new(sequences, 3, new ushort[sequences * 4]);

    private static SparseDelta RandomDelta(SeedStream stream)
    {
        int shift = (int)stream.NextBelow(31);
        var entries = new SortedDictionary<int, int>();
        for (int i = 0; i < 12; i++)
        {
            int value = (int)(stream.NextUInt64() >> 33) >> shift;
            entries[(int)stream.NextBelow((ulong)Count)] = value == 0 ? 1 : stream.NextBelow(2) == 0 ? value : -value;
        }

        return new SparseDelta(Count, [.. entries.Keys], [.. entries.Values]);
    }

    private static Checkpoint RandomCheckpoint(SeedStream stream)
    {
        int shift = (int)stream.NextBelow(31);
        return new Checkpoint(Shape, [.. Enumerable.Range(0, Count).Select(_ => Math.Max(-int.MaxValue, (int)(uint)stream.NextUInt64() >> shift))]);
    }

    /// <summary>Losses that are no losses: a hash of the weights, at times negative, at times beyond any range; moved models mostly do better.</summary>
    private sealed class AbsurdJudge(int number) : ILossEvaluator
    {
        public long[] Evaluate(ModelShape shape, ReadOnlyMemory<int> weights, TokenBatch batch, CancellationToken cancellation)
        {
            ulong state = (ulong)number;
            foreach (int weight in weights.Span)
            {
                state = (state ^ (uint)weight) * 0x9E3779B97F4A7C15;
                state ^= state >> 29;
            }

            bool wild = number % 5 == 0 && state % 3 == 0;
            return [.. Enumerable.Range(0, batch.Sequences).Select(i => wild
                ? (long)(state * (ulong)(i + 1))
                : (1L << 32) + i - (long)(state % 1000) * 1_000_000 + (long)(state >> 40) % 1000)];
        }
    }
}
