using Basilisk.Node.Fuzzing;
using Xunit;

namespace Basilisk.Node.Tests.Fuzzing;

/// <summary>A million inputs, over all decoders of what strangers send: typed refusals, one encoding, bounded memory, no exception.</summary>
public sealed class HostileBytesTests(FuzzSamplesFixture fixture) : IClassFixture<FuzzSamplesFixture>
{
    private const long Cases = 1_000_000;
    private const ulong Seed = 20261125;

    /// <summary>Far above the largest honest input; far below what could hurt.</summary>
    private const long MostBytes = 4L << 20;

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Fact]
    public void All_decoders_together_get_a_million_inputs_and_each_some()
    {
        IReadOnlyList<(FuzzTarget Target, long Cases)> shares = FuzzRun.Share(FuzzTargets.All, Cases);
        Assert.True(shares.Sum(share => share.Cases) >= Cases);
        Assert.All(shares, share => Assert.True(share.Cases >= 1_000, $"{share.Target.Name} gets {share.Cases}"));
        Assert.Equal(FuzzTargets.All.Count, FuzzTargets.All.Select(target => target.Name).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Answers_every_input_with_a_value_or_a_token(string name)
    {
        (FuzzTarget target, long cases) = FuzzRun.Share(FuzzTargets.All, Cases).Single(share => share.Target.Name == name);
        FuzzReport report = new FuzzRun(fixture.Samples, Seed).Run(target, cases, TestContext.Current.CancellationToken);
        Assert.True(report.IsClean, string.Join("\n", report.Finds.Select(find => $"{find.Kind}: {find.Detail}\n{Convert.ToHexStringLower(find.Input)}")));
        Assert.True(report.PeakBytes < MostBytes, $"one input took {report.PeakBytes} bytes");
        Assert.True(report.HeldBytes < 2 * MostBytes, $"the inputs left {report.HeldBytes} bytes behind");

        // Inputs that never get past the first check would show nothing.
        Assert.True(report.Accepted > cases / 1000, $"only {report.Accepted} of {cases} inputs were accepted");
        Assert.True(report.Tokens.Count >= 2, $"only {string.Join(", ", report.Tokens.Keys)}");
    }
}
