using System.Diagnostics;
using Basilisk.Exact.Batches;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Genesis;
using Basilisk.Model.Primer;
using Basilisk.Model.Tests.Corpora;
using Xunit;

namespace Basilisk.Model.Tests.Genesis;

/// <summary>The dev network's genesis, built once for all tests that look at it.</summary>
public sealed class BuiltDevGenesis
{
    public BuiltDevGenesis()
    {
        var clock = Stopwatch.StartNew();
        Artefacts = new GenesisBuilder(DevGenesis.Options).Build(new DefaultCorpus(), null, CancellationToken.None);
        Milliseconds = clock.ElapsedMilliseconds;
    }

    public GenesisArtefacts Artefacts { get; }

    public long Milliseconds { get; }
}

public sealed class GenesisBuilderTests(BuiltDevGenesis dev, ITestOutputHelper output) : IClassFixture<BuiltDevGenesis>
{
    [Fact]
    public void Every_machine_builds_the_pinned_dev_network()
    {
        GenesisArtefacts built = dev.Artefacts;
        output.WriteLine($"{dev.Milliseconds} ms; {built.Text}; {built.Corpus.Count} tokens, {built.Corpus.Holdout.Length} held out, {built.HoldoutBytesPerToken} bytes per token");
        output.WriteLine($"text {built.Text.Hash}\ntokenizer {built.Tokenizer.Hash}\ncorpus {built.Corpus.Root}\ncheckpoint {built.Checkpoint.Root}");
        Assert.Equal(DevGenesis.TextHash, built.Text.Hash);
        Assert.Equal(DevGenesis.TokenizerHash, built.Tokenizer.Hash);
        Assert.Equal(DevGenesis.CorpusRoot, built.Corpus.Root);
        Assert.Equal(DevGenesis.CheckpointRoot, built.Checkpoint.Root);
    }

    [Fact]
    public void The_dev_corpus_serves_judging_and_holdout()
    {
        var sampler = new BatchSampler(dev.Artefacts.Corpus, DevGenesis.Options.Context);
        int windows = DevGenesis.Options.JudgingWindows;
        Assert.Equal(windows, sampler.DrawJudging(Hash256.Zero, windows, windows).Paid.Sequences);
        Assert.True(sampler.Holdout(windows).TargetCount >= 16_384);
        Assert.Equal(DevGenesis.Options.HoldoutPermille, dev.Artefacts.Corpus.HoldoutPermille);
        Assert.InRange(dev.Artefacts.HoldoutBytesPerToken, 1.5, 5.0);
    }

    [Fact]
    public void Every_benchmark_question_with_its_answer_fits_the_context()
    {
        int longest = PrimerBenchmark.Questions.Max(question =>
            dev.Artefacts.Tokenizer.EncodeChat(question.Prompt, openAnswer: true).Length + dev.Artefacts.Tokenizer.Encode(question.Answer).Length + 2);
        Assert.InRange(longest, 20, DevGenesis.Options.Context);
    }

    [Fact]
    public void Decoding_the_corpus_gives_back_the_documents()
    {
        ReadOnlySpan<ushort> tokens = dev.Artefacts.Corpus.Tokens.Span;
        HashSet<string> texts = [.. new DefaultCorpus().Read(CancellationToken.None).SelectMany(document => document.Texts)];
        int seen = 0;
        for (int start = 0; seen < 5000; seen++)
        {
            int length = tokens[start..].IndexOf(SpecialTokens.End);
            string text = dev.Artefacts.Tokenizer.DecodeText(tokens.Slice(start, length));
            Assert.Contains(text, texts);
            start += length + 1;
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_matter()
    {
        GenesisArtefacts one = Build(new SmallCorpus(6000), Small, threads: 1);
        GenesisArtefacts four = Build(new SmallCorpus(6000), Small, threads: 4);
        Assert.Equal(one.Corpus.Root, four.Corpus.Root);
        Assert.Equal(one.Tokenizer.Hash, four.Tokenizer.Hash);
    }

    [Fact]
    public void Another_seed_gives_other_weights_only()
    {
        GenesisArtefacts one = Build(new SmallCorpus(6000), Small);
        GenesisArtefacts two = Build(new SmallCorpus(6000), Small with { Seed = Hash256.Parse(new string('1', 64)) });
        Assert.Equal(one.Corpus.Root, two.Corpus.Root);
        Assert.NotEqual(one.Checkpoint.Root, two.Checkpoint.Root);
    }

    [Fact]
    public void A_small_corpus_gives_a_larger_share_to_the_holdout()
    {
        GenesisArtefacts built = Build(new SmallCorpus(2500), Small);
        Assert.True(built.Corpus.HoldoutPermille > Small.HoldoutPermille);
        var sampler = new BatchSampler(built.Corpus, Small.Context);
        Assert.Equal(Small.JudgingWindows, sampler.Holdout(Small.JudgingWindows).Sequences);
        Assert.Equal(Small.JudgingWindows, sampler.DrawJudging(Hash256.Zero, Small.JudgingWindows, Small.JudgingWindows).Paid.Sequences);
    }

    [Fact]
    public void Too_few_tokens_are_counted_in_the_refusal()
    {
        var error = Assert.Throws<CorpusTooSmallForNetworkException>(() => Build(new SmallCorpus(600), Small));
        Assert.Equal("tokens", error.What);
        Assert.InRange(error.Seen, 1, error.Needed - 1);
        Assert.Equal((5L * Small.JudgingWindows * (Small.Context + 1)) + Small.Context, error.Needed);
    }

    [Fact]
    public void Too_little_variety_for_the_vocabulary_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", string.Join('\n', Enumerable.Repeat("hello world", 20_000)));
        var error = Assert.Throws<CorpusTooSmallForNetworkException>(() => Build(new TextFolderCorpus(folder.Path), Small));
        Assert.Equal(("distinct tokens", 512L), (error.What, error.Needed));
    }

    [Fact]
    public void Ones_own_folder_makes_a_network()
    {
        using var folder = new TemporaryFolder();
        folder.Write("chats.jsonl", string.Join('\n', new SmallCorpus(6000).Read(CancellationToken.None)
            .Where(document => document.Text is null)
            .Select(document => System.Text.Json.JsonSerializer.Serialize(new { messages = document.Messages.Select(message => new { role = message.Role.ToString().ToLowerInvariant(), content = message.Text }) }))));
        folder.Write("notes.md", "# Notes\n\nSome text of one's own.");
        GenesisArtefacts built = Build(new TextFolderCorpus(folder.Path), Small);
        Assert.Equal(folder.Path, built.Text.Source);
        Assert.True(built.Text.Documents > 5000);
    }

    [Fact]
    public void Progress_goes_through_the_stages_in_order()
    {
        var stages = new List<GenesisStage>();
        new GenesisBuilder(Small, threads: 1).Build(new SmallCorpus(6000), new Recorder(stages), CancellationToken.None);
        Assert.Equal(Enum.GetValues<GenesisStage>(), stages.Distinct());
        Assert.Equal(stages.Order(), stages);
    }

    [Fact]
    public void A_cancelled_build_stops() => Assert.ThrowsAny<OperationCanceledException>(
        () => new GenesisBuilder(Small).Build(new DefaultCorpus(), null, new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(259, 4, 128, "VocabularySize")]
    [InlineData(65_537, 4, 128, "VocabularySize")]
    [InlineData(1024, 0, 128, "Depth")]
    [InlineData(1024, 4, 7, "Context")]
    public void Options_outside_their_bounds_are_named(int vocabulary, int depth, int context, string key)
    {
        var options = new GenesisOptions { VocabularySize = vocabulary, Depth = depth, Context = context };
        Assert.Equal(key, Assert.Throws<GenesisOptionException>(() => new GenesisBuilder(options)).Key);
    }

    internal static GenesisOptions Small { get; } = new() { VocabularySize = 512, Depth = 1, Context = 32, JudgingWindows = 256 };

    internal static GenesisArtefacts Build(ICorpusSource source, GenesisOptions options, int threads = 2) =>
        new GenesisBuilder(options, threads).Build(source, null, CancellationToken.None);

    private sealed class Recorder(List<GenesisStage> stages) : IProgress<GenesisProgress>
    {
        public void Report(GenesisProgress value) => stages.Add(value.Stage);
    }
}

/// <summary>The first documents of the default corpus.</summary>
internal sealed class SmallCorpus(int documents) : ICorpusSource
{
    public string Name => "small";

    public IEnumerable<CorpusDocument> Read(CancellationToken cancellation) => new DefaultCorpus().Read(cancellation).Take(documents);
}
