using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Failures;
using Basilisk.Node.Tests.Chainstate;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Verification;
using Basilisk.Testing;
using Xunit;

namespace Basilisk.Node.Tests.Verification;

/// <summary>
/// Three rounds of a real run, trained and judged by this program, are judged again by tools/exact from exported files alone: every
/// number is the same. The Python shares no code with this program; it was written from docs/numbers.md.
/// </summary>
public sealed class SecondImplementationTests
{
    private const int RoundLength = 6;

    [Fact]
    public async Task Python_judges_three_rounds_of_a_run_to_the_same_numbers()
    {
        string? python = await FindPython();
        Assert.SkipWhen(python is null, "No python3 on this machine (Debian: apt-get install python3; python3-numpy makes it faster).");
        using var folder = new TemporaryFolder();
        await using TestNode node = await RunAsync(rounds: 4);
        IReadOnlyList<ExportedRound> rounds = await ExportAsync(node, folder.Path, (1, 3));
        Assert.Equal([1UL, 2UL, 3UL], rounds.Select(round => round.Round));
        Assert.Contains(rounds, round => round.Outcome.Settled);
        Assert.All(rounds, round => Assert.NotEmpty(round.Contributions));

        (int code, string output, string errors) = await JudgeAsync(python, folder.Path);
        Assert.True(code == 0, output + errors);
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal(0, line.GetProperty("differences").GetArrayLength()));
        Assert.All(lines, line => Assert.True(line.GetProperty("compared").GetInt32() >= 12 + 9));

        // A single number that is off by one is found, and named.
        string described = Path.Combine(folder.Path, RoundExporter.RoundsFile);
        JsonNode json = JsonNode.Parse(await File.ReadAllTextAsync(described, TestContext.Current.CancellationToken))!;
        JsonNode contribution = json["rounds"]![1]!["outcome"]!["contributions"]![0]!;
        contribution["probe_gain"] = (long)contribution["probe_gain"]! + 1;
        json["rounds"]!.AsArray().RemoveAt(2);
        json["rounds"]!.AsArray().RemoveAt(0);
        await File.WriteAllTextAsync(described, json.ToJsonString(), TestContext.Current.CancellationToken);
        (code, output, errors) = await JudgeAsync(python, folder.Path);
        Assert.Equal(1, code);
        JsonElement difference = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("differences").EnumerateArray());
        Assert.EndsWith(" probe_gain", difference.GetProperty("number").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Python_judges_a_round_that_moves_the_model_unpaid_to_the_same_numbers()
    {
        string? python = await FindPython();
        Assert.SkipWhen(python is null, "No python3 on this machine (Debian: apt-get install python3; python3-numpy makes it faster).");
        using var folder = new TemporaryFolder();
        await using TestNode node = await PublicStepTests.MovedAsync();
        ulong last = node.View.Totals.LastOutcome!.Round;
        ExportedRound round = Assert.Single(await ExportAsync(node, folder.Path, (last, last)));
        Assert.Equal(SettlementReasons.PublicStep, round.Outcome.Reason);
        (int code, string output, string errors) = await JudgeAsync(python, folder.Path);
        Assert.True(code == 0, output + errors);
        Assert.Equal(0, JsonDocument.Parse(output).RootElement.GetProperty("differences").GetArrayLength());
    }

    [Fact]
    public async Task Exported_files_are_named_by_what_they_hold()
    {
        using var folder = new TemporaryFolder();
        await using TestNode node = await RunAsync(rounds: 2);
        ExportedRound round = Assert.Single(await ExportAsync(node, folder.Path, (1, 1)));
        byte[] checkpoint = await File.ReadAllBytesAsync(Path.Combine(folder.Path, RoundExporter.CheckpointFolder, $"{round.ModelRoot}.bskc"), TestContext.Current.CancellationToken);
        Assert.True(CheckpointCodec.TryDecode(checkpoint, 1 << 20, out Checkpoint? read, out _));
        Assert.Equal(round.ModelRoot, read.Root.ToString());
        byte[] corpus = await File.ReadAllBytesAsync(Path.Combine(folder.Path, RoundExporter.CorpusFile), TestContext.Current.CancellationToken);
        Assert.True(CorpusCodec.TryDecode(corpus, int.MaxValue, out TokenCorpus? tokens, out _));
        Assert.Equal(node.Network.Artefacts.Corpus.Root, tokens.Root);
        byte[] payload = await File.ReadAllBytesAsync(
            Path.Combine(folder.Path, RoundExporter.PayloadFolder, $"{round.Contributions[0].Payload}.bskp"), TestContext.Current.CancellationToken);
        Assert.Equal(round.Contributions[0].Payload, Chain.Hashing.Keccak256.Hash(payload).ToString());
        Assert.Single(round.Past);
    }

    [Fact]
    public async Task Without_a_range_the_last_three_rounds_with_contributions_are_written()
    {
        using var folder = new TemporaryFolder();
        await using TestNode node = await RunAsync(rounds: 4);
        await node.MineAsync(RoundLength, contribute: false);
        Assert.Equal([1UL, 2UL, 3UL], (await ExportAsync(node, folder.Path, null)).Select(round => round.Round));
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(5, 5)]
    [InlineData(1, 0)]
    public async Task Rounds_that_have_not_ended_are_refused(ulong first, ulong last)
    {
        using var folder = new TemporaryFolder();
        await using TestNode node = await RunAsync(rounds: 2);
        UsageException error = await Assert.ThrowsAsync<UsageException>(() => ExportAsync(node, folder.Path, (first, last)));
        Assert.Contains("rounds 0-1 have ended", error.Message, StringComparison.Ordinal);
    }

    private static async Task<TestNode> RunAsync(int rounds)
    {
        TestNode node = await TestNode.StartAsync();
        await node.MineAsync((rounds * RoundLength) - 1); // genesis has height 0
        return node;
    }

    private static Task<IReadOnlyList<ExportedRound>> ExportAsync(TestNode node, string folder, (ulong First, ulong Last)? range) =>
        new RoundExporter(node.Network, node.Store.Events).RunAsync(folder, range, null, TestContext.Current.CancellationToken);

    private static Task<(int Code, string Output, string Errors)> JudgeAsync(string python, string folder) =>
        RunAsync(python, Path.Combine(VectorFiles.RepositoryRoot(), "tools", "exact", "judge_rounds.py"), folder);

    private static async Task<string?> FindPython()
    {
        foreach (string python in (string[])["/usr/bin/python3", "python3"])
        {
            try
            {
                if ((await RunAsync(python, "-c", "import sys; sys.exit(sys.version_info < (3, 9))")).Code == 0)
                {
                    return python;
                }
            }
            catch (Win32Exception)
            {
                // Not installed under this name; the next one is tried.
            }
        }

        return null;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
