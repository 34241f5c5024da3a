using Basilisk.Node.Fuzzing;
using Basilisk.Node.Fuzzing.Inputs;
using Xunit;

namespace Basilisk.Node.Tests.Fuzzing;

/// <summary>The harness finds what it is for, and the same seed finds it again.</summary>
public sealed class FuzzRunTests(FuzzSamplesFixture fixture) : IClassFixture<FuzzSamplesFixture>
{
    private static readonly byte[] Seed = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public void A_decoder_that_throws_is_found_with_its_input()
    {
        FuzzReport report = Run((_, bytes) => bytes.Length > 4 && bytes.Span[3] == 0xFF ? throw new IndexOutOfRangeException("planted") : FuzzVerdict.Accepted);
        FuzzFind find = Assert.Single(report.Finds);
        Assert.Equal("crash", find.Kind);
        Assert.Equal(0xFF, find.Input[3]);
        Assert.Contains("planted", find.Detail, StringComparison.Ordinal);
        Assert.True(report.Crashes > 1);
        Assert.False(report.IsClean);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Object reference not set")]
    public void A_refusal_without_a_stable_token_is_untyped(string? token)
    {
        FuzzReport report = Run((_, bytes) => bytes.Span.SequenceEqual(Seed) ? FuzzVerdict.Accepted : FuzzVerdict.Refused(token));
        Assert.True(report.Untyped > 1_000);
        Assert.Equal("untyped", Assert.Single(report.Finds).Kind);
    }

    [Fact]
    public void A_decoder_that_takes_two_encodings_of_one_value_is_found()
    {
        FuzzReport report = Run((_, bytes) => bytes.Length == Seed.Length ? FuzzVerdict.Decoded(bytes, [.. bytes.Span[..7], 8]) : FuzzVerdict.Refused("wrong-length"));
        Assert.True(report.NotCanonical > 100);
        Assert.Equal("not-canonical", Assert.Single(report.Finds).Kind);
    }

    [Fact]
    public void An_error_hidden_behind_an_answer_counts_as_a_crash() =>
        Assert.True(Run((_, bytes) => bytes.Span.SequenceEqual(Seed) ? FuzzVerdict.Accepted : FuzzVerdict.Failed("status 500")).Crashes > 1_000);

    [Fact]
    public void What_one_input_allocates_is_measured() =>
        Assert.InRange(Run((_, bytes) => new byte[bytes.Length == 5 ? 3 << 20 : 1].Length > 0 ? FuzzVerdict.Accepted : default).PeakBytes, 3 << 20, 4 << 20);

    [Fact]
    public void The_same_seed_gives_the_same_inputs_and_another_gives_others()
    {
        Assert.Equal(Inputs(seed: 7), Inputs(seed: 7));
        Assert.NotEqual(Inputs(seed: 7), Inputs(seed: 8));
    }

    [Fact]
    public void A_target_whose_seed_input_is_refused_is_set_up_wrongly() =>
        Assert.Throws<InvalidOperationException>(() => Run((_, _) => FuzzVerdict.Refused("never")));

    [Theory]
    [InlineData(FuzzForm.Binary)]
    [InlineData(FuzzForm.Rlp)]
    [InlineData(FuzzForm.Json)]
    [InlineData(FuzzForm.Path)]
    public void Inputs_of_every_form_are_many(FuzzForm form)
    {
        byte[] seed = form switch
        {
            FuzzForm.Rlp => [0xC6, 0x82, 1, 2, 0xC1, 5, 6],
            FuzzForm.Json => "{\"a\":[1,\"b\",null]}"u8.ToArray(),
            FuzzForm.Path => "/a/b?c=d&e=f"u8.ToArray(),
            _ => Seed,
        };
        var inputs = new FuzzInputs(form, [seed]);
        var random = new FuzzRandom(3);
        int different = Enumerable.Range(0, 2_000).Select(_ => Convert.ToHexString(inputs.Next(random).Span)).Distinct(StringComparer.Ordinal).Count();
        Assert.InRange(different, 700, 2_000);
    }

    private List<string> Inputs(ulong seed)
    {
        var seen = new List<string>();
        Run(
            (_, bytes) =>
            {
                seen.Add(Convert.ToHexString(bytes.Span));
                return FuzzVerdict.Accepted;
            },
            seed);
        return seen;
    }

    private FuzzReport Run(FuzzDecode decode, ulong seed = 1) =>
        new FuzzRun(fixture.Samples, seed).Run(new FuzzTarget("planted", FuzzForm.Binary, 1, _ => [Seed], decode), 5_000, TestContext.Current.CancellationToken);
}
