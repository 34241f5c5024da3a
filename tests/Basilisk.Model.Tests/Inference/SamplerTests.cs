using Basilisk.Model.Inference;
using Xunit;

namespace Basilisk.Model.Tests.Inference;

public sealed class SamplerTests
{
    private static readonly float[] Logits = [0f, 1f, 2f, -1f, 2f, 0.5f];

    [Fact]
    public void Temperature_zero_takes_the_most_likely_and_the_lowest_index_among_equals() =>
        Assert.Equal(2, new Sampler(new SamplingOptions { Temperature = 0 }, Logits.Length).Next(Logits));

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void Draws_follow_the_softmax_at_the_given_temperature(double temperature)
    {
        double[] weights = [.. Logits.Select(logit => Math.Exp(logit / temperature))];
        AssertDistribution(new SamplingOptions { Temperature = temperature, Seed = 1 }, weights);
    }

    [Fact]
    public void Top_k_keeps_the_k_most_likely_with_ties_to_the_lowest_index() =>
        AssertDistribution(new SamplingOptions { TopK = 1, Seed = 2 }, [0, 0, 1, 0, 0, 0]);

    [Fact]
    public void Top_p_keeps_the_fewest_that_reach_the_sum()
    {
        double e = Math.E;
        AssertDistribution(new SamplingOptions { TopP = 0.75, Seed = 3 }, [0, e, e * e, 0, e * e, 0]);
    }

    [Fact]
    public void Min_p_drops_what_is_less_likely_than_its_share_of_the_best() =>
        AssertDistribution(new SamplingOptions { MinP = 0.5, Seed = 4 }, [0, 0, 1, 0, 1, 0]);

    [Fact]
    public void A_bias_of_minus_100_forbids_a_token() =>
        AssertDistribution(new SamplingOptions { LogitBias = new Dictionary<int, float> { [2] = -100 }, TopK = 1, Seed = 5 }, [0, 0, 0, 0, 1, 0]);

    [Fact]
    public void Penalties_make_greedy_choices_move_on()
    {
        var presence = new Sampler(new SamplingOptions { Temperature = 0, PresencePenalty = 2 }, Logits.Length);
        Assert.Equal([2, 4, 1, 5, 0, 2], Enumerable.Range(0, 6).Select(_ => presence.Next(Logits)));
        var frequency = new Sampler(new SamplingOptions { Temperature = 0, FrequencyPenalty = 0.4 }, Logits.Length);
        Assert.Equal([2, 4, 2, 4, 2, 4, 1], Enumerable.Range(0, 7).Select(_ => frequency.Next(Logits)));
    }

    [Fact]
    public void Equal_seeds_give_equal_draws_and_different_seeds_do_not()
    {
        int[] Draws(ulong seed)
        {
            var sampler = new Sampler(new SamplingOptions { Seed = seed, TopP = 0.9 }, Logits.Length);
            return [.. Enumerable.Range(0, 64).Select(_ => sampler.Next(Logits))];
        }

        Assert.Equal(Draws(7), Draws(7));
        Assert.NotEqual(Draws(7), Draws(8));
    }

    [Fact]
    public void Every_wrong_option_is_named_with_its_value_and_bound()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new Sampler(
            new SamplingOptions { Temperature = -1, TopP = 0, LogitBias = new Dictionary<int, float> { [9] = 1 } }, vocabulary: 6));
        Assert.Contains("Temperature is -1; it must be from 0 to 100.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("TopP is 0; it must be above 0 and at most 1.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("LogitBias token is 9; it must be from 0 to 5.", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>20,000 draws: each share lies within five standard errors.</summary>
    private static void AssertDistribution(SamplingOptions options, double[] weights)
    {
        const int Draws = 20_000;
        var sampler = new Sampler(options, Logits.Length);
        var counts = new int[Logits.Length];
        for (int i = 0; i < Draws; i++)
        {
            counts[sampler.Next(Logits)]++;
        }

        double total = weights.Sum();
        for (int i = 0; i < counts.Length; i++)
        {
            double share = weights[i] / total;
            double tolerance = 5 * Math.Sqrt(share * (1 - share) / Draws);
            Assert.InRange((double)counts[i] / Draws, share - tolerance, share + tolerance);
        }
    }
}
