using System.Globalization;
using System.Text;
using System.Text.Json;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Corpora;
using Basilisk.Node.Genesis;
using Xunit;

namespace Basilisk.Node.Tests.Cli;

/// <summary>Networks from a user's own texts: made, shown, damaged and repaired through the real program.</summary>
public sealed class GenesisCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_network_from_own_texts_is_shown_with_the_roots_of_its_files()
    {
        WriteTexts("texts", 12);
        ProgramResult created = await CreateAsync("texts", "net");
        Assert.True(created.ExitCode == 0, created.Errors);
        JsonElement made = Assert.Single(created.Lines);
        ProgramResult shown = await BasiliskProgram.RunAsync("genesis", "show", _folder["net"], "--json");
        Assert.Equal(created.Output, shown.Output);

        Network network = NetworkFolder.Load(_folder["net"], TestContext.Current.CancellationToken);
        Assert.Equal("harbour", made.GetProperty("name").GetString());
        Assert.Equal(777, made.GetProperty("chain_id").GetInt64());
        Assert.Equal(network.Parameters.Hash.ToString(), made.GetProperty("parameters_hash").GetString());
        Assert.Equal(network.Artefacts.Corpus.Root.ToString(), made.GetProperty("corpus_root").GetString());
        Assert.Empty(ParameterRules.Check(network.Parameters));
    }

    [Fact]
    public async Task The_rules_draw_the_holdout_that_a_small_corpus_sets_apart()
    {
        WriteTexts("texts", 3);
        Assert.Equal(0, (await CreateAsync("texts", "net")).ExitCode);
        Network network = NetworkFolder.Load(_folder["net"], TestContext.Current.CancellationToken);
        TokenCorpus corpus = network.Artefacts.Corpus;
        Assert.True(corpus.HoldoutPermille > 20, $"the corpus is too large for this test: its holdout is {corpus.HoldoutPermille} in a thousand");
        Assert.Equal(corpus.HoldoutPermille, network.Parameters.Judging.HoldoutPermille);
    }

    [Fact]
    public async Task A_network_can_have_a_pace_of_its_own()
    {
        WriteTexts("texts", 3);
        Assert.Equal(0, (await CreateAsync("texts", "net", "--block-interval", "2")).ExitCode);
        DifficultyParameters difficulty = NetworkFolder.Load(_folder["net"], TestContext.Current.CancellationToken).Parameters.Difficulty;
        Assert.Equal(2u, difficulty.BlockInterval);
        Assert.Equal(2u * 864_000, difficulty.HalfLife); // the test preset's in blocks
        (await CreateAsync("texts", "other", "--block-interval", "0")).AssertRefused(1, "unsound-parameters", "Difficulty.BlockInterval");
        (await CreateAsync("texts", "other", "--block-interval", "4000000000")).AssertRefused(1, "unsound-parameters", "Difficulty.BlockInterval");
    }

    [Fact]
    public async Task A_damaged_file_is_made_again_from_the_original_texts_only()
    {
        WriteTexts("texts", 6);
        Assert.Equal(0, (await CreateAsync("texts", Path.Combine("data", "network"))).ExitCode);
        byte[] whole = await File.ReadAllBytesAsync(_folder["data", "network", "corpus.bin"], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder["data", "network", "corpus.bin"], whole[..^9], TestContext.Current.CancellationToken);

        (await RepairAsync()).AssertRefused(2, "usage", "--corpus DIR");
        WriteTexts("others", 7);
        (await RepairAsync("--corpus", _folder["others"])).AssertRefused(1, "genesis-repair-mismatch", "nothing was replaced");
        Assert.Equal(whole.Length - 9, new FileInfo(_folder["data", "network", "corpus.bin"]).Length);

        ProgramResult repaired = await RepairAsync("--corpus", _folder["texts"]);
        Assert.True(repaired.ExitCode == 0, repaired.Errors);
        Assert.Equal(["corpus.bin"], repaired.Lines[0].GetProperty("replaced").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(whole, await File.ReadAllBytesAsync(_folder["data", "network", "corpus.bin"], TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(_folder["data", "network.repair"]));
        Assert.Empty((await RepairAsync()).Lines[0].GetProperty("replaced").EnumerateArray());
    }

    [Fact]
    public async Task The_tokenizer_is_written_for_Hugging_Face()
    {
        WriteTexts("texts", 6);
        Assert.Equal(0, (await CreateAsync("texts", "net")).ExitCode);
        ProgramResult result = await BasiliskProgram.RunAsync("genesis", "tokenizer", _folder["net"], "--out", _folder["tokenizer.json"], "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        using JsonDocument tokenizer = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder["tokenizer.json"], TestContext.Current.CancellationToken));
        Assert.Equal("BPE", tokenizer.RootElement.GetProperty("model").GetProperty("type").GetString());
        Assert.Equal(280, tokenizer.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().Count());
    }

    [Fact]
    public async Task Texts_that_cannot_be_used_are_named()
    {
        (await CreateAsync("missing", "net")).AssertRefused(1, "corpus-folder-missing", "missing");
        Directory.CreateDirectory(_folder["empty"]);
        (await CreateAsync("empty", "net")).AssertRefused(1, "corpus-folder-empty", ".txt, .md or .jsonl");
        await WriteAsync("latin", "a.txt", [0x66, 0xFC, 0x72]);
        (await CreateAsync("latin", "net")).AssertRefused(1, "corpus-file-not-utf8", "offset 1");
        await WriteAsync("lines", "a.jsonl", Encoding.UTF8.GetBytes("{\"text\":\"fine\"}\n{\"text\":7}\n"));
        (await CreateAsync("lines", "net")).AssertRefused(1, "corpus-line-malformed", "a.jsonl:2");
        await WriteAsync("tiny", "a.txt", Encoding.UTF8.GetBytes("too little"));
        (await CreateAsync("tiny", "net")).AssertRefused(1, "corpus-too-small-for-network", "Add text");
        Assert.False(NetworkFolder.Exists(_folder["net"]));
    }

    [Theory]
    [InlineData("--name", "Grosse Worte", 1, "unsound-parameters", "1 to 32 of a–z")]
    [InlineData("--chain-id", "0", 1, "unsound-parameters", "ChainId")]
    [InlineData("--depth", "0", 2, "genesis-option", "from 1 to 64")]
    [InlineData("--vocabulary", "12", 2, "genesis-option", "from 260")]
    [InlineData("--holdout", "900", 2, "genesis-option", "from 1 to 500")]
    [InlineData("--preset", "mars", 2, "usage", "mars")]
    public async Task Parameters_outside_their_bounds_are_refused_before_the_work(string option, string value, int exitCode, string token, string hint)
    {
        Directory.CreateDirectory(_folder["texts"]);
        string[] settings = ["--name", "harbour", "--chain-id", "777", "--preset", "test"];
        int at = Array.IndexOf(settings, option);
        settings = at < 0 ? [.. settings, option, value] : [.. settings[..(at + 1)], value, .. settings[(at + 2)..]];
        ProgramResult result = await BasiliskProgram.RunAsync(["genesis", "create", "--corpus", _folder["texts"], "--out", _folder["net"], "--json", .. settings]);
        result.AssertRefused(exitCode, token, hint);
    }

    private Task<ProgramResult> CreateAsync(string corpus, string to, params string[] more) => BasiliskProgram.RunAsync(
    [
        "genesis", "create", "--corpus", _folder[corpus], "--out", _folder[to], "--name", "harbour", "--chain-id", "777",
        "--preset", "test", "--vocabulary", "280", "--context", "32", "--genesis-time", "1790000000", "--json", .. more,
    ]);

    private Task<ProgramResult> RepairAsync(params string[] more) => BasiliskProgram.RunAsync(["genesis", "repair", "--data", _folder["data"], "--json", .. more]);

    /// <summary>Files of about 4,000 characters with different numbers, so that every network has its own corpus.</summary>
    private void WriteTexts(string folder, int files)
    {
        Directory.CreateDirectory(_folder[folder]);
        for (int file = 0; file < files; file++)
        {
            IEnumerable<string> lines = Enumerable.Range(0, 60).Select(line => string.Create(
                CultureInfo.InvariantCulture, $"The sailor walked along harbour {file} and told story {line * 7919 % 1009} of {files} storms at sea."));
            File.WriteAllText(_folder[folder, $"{file}.txt"], string.Join("\n\n", lines));
        }
    }

    private async Task WriteAsync(string folder, string file, byte[] bytes)
    {
        Directory.CreateDirectory(_folder[folder]);
        await File.WriteAllBytesAsync(_folder[folder, file], bytes, TestContext.Current.CancellationToken);
    }
}
