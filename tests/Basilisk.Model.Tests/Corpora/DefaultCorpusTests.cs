using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Primer;
using Xunit;

namespace Basilisk.Model.Tests.Corpora;

/// <summary>The default corpus, generated once for all tests that read it.</summary>
public sealed class DefaultDocuments
{
    public IReadOnlyList<CorpusDocument> Documents { get; } = [.. new DefaultCorpus().Read(CancellationToken.None)];
}

public sealed class DefaultCorpusTests(DefaultDocuments fixture, ITestOutputHelper output) : IClassFixture<DefaultDocuments>
{
    private IReadOnlyList<CorpusDocument> Documents => fixture.Documents;

    [Fact]
    public void There_are_at_least_eight_megabytes_of_text()
    {
        long bytes = Documents.Sum(document => document.Texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)));
        output.WriteLine($"{Documents.Count} documents, {bytes} bytes");
        Assert.InRange(bytes, 8_000_000, 10_000_000);
    }

    [Fact]
    public void Reading_twice_gives_the_same_text()
    {
        // The whole text is compared by its pinned hash, in GenesisBuilderTests.
        IEnumerable<string> again = new DefaultCorpus().Read(CancellationToken.None).Take(5000).Select(document => document.ToString());
        Assert.Equal(Documents.Take(5000).Select(document => document.ToString()), again);
    }

    [Theory]
    [InlineData("sv-SE")] // its minus sign is not '-'
    [InlineData("tr-TR")] // its small I has no dot
    [InlineData("ar-SA")] // its minus sign comes with a mark for the writing direction
    public void The_machines_language_does_not_matter(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            IEnumerable<string> again = new DefaultCorpus().Read(CancellationToken.None).Take(2000).Select(document => document.ToString());
            Assert.Equal(Documents.Take(2000).Select(document => document.ToString()), again);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Chats_alternate_and_end_with_an_answer()
    {
        foreach (CorpusDocument document in Documents.Where(document => document.Text is null))
        {
            ChatMessage[] turns = [.. document.Messages.SkipWhile(message => message.Role == ChatRole.System)];
            Assert.NotEmpty(turns);
            Assert.True(turns.Length % 2 == 0);
            for (int i = 0; i < turns.Length; i++)
            {
                Assert.Equal(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, turns[i].Role);
                Assert.NotEmpty(turns[i].Text);
            }
        }
    }

    [Fact]
    public void Text_is_plain_ascii_without_special_tokens()
    {
        foreach (string text in Documents.SelectMany(document => document.Texts))
        {
            Assert.True(Ascii.IsValid(text));
            Assert.DoesNotContain("<|", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_sum_difference_and_product_in_the_text_is_right()
    {
        var equation = new Regex(@"(\d+) ([-+*]) (\d+) = (\d+)\.", RegexOptions.CultureInvariant);
        int seen = 0;
        foreach (Match match in Documents.SelectMany(document => document.Texts).SelectMany(text => equation.Matches(text)))
        {
            int a = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            int b = int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture);
            int result = match.Groups[2].Value switch { "+" => a + b, "-" => a - b, _ => a * b };
            Assert.Equal(result.ToString(CultureInfo.InvariantCulture), match.Groups[4].Value);
            seen++;
        }

        Assert.True(seen > 20_000, $"{seen}");
    }

    [Fact]
    public void No_benchmark_question_is_asked_in_the_training_text()
    {
        // Questions that depend on the chat before them are compared with that chat.
        HashSet<string> asked = [];
        foreach (CorpusDocument document in Documents)
        {
            for (int i = 0; i < document.Messages.Count; i++)
            {
                if (document.Messages[i].Role == ChatRole.User)
                {
                    asked.Add(Wording.Normalise(document.Messages[i].Text));
                    asked.Add(Wording.Normalise(string.Join('\n', document.Messages.Take(i + 1).Select(message => message.Text))));
                }
            }
        }

        Assert.True(asked.Count > 50_000);
        foreach (PrimerQuestion question in PrimerBenchmark.Questions)
        {
            string text = Wording.Normalise(string.Join('\n', question.Prompt.Select(message => message.Text)));
            Assert.DoesNotContain(text, asked);
        }
    }

    [Theory]
    [InlineData("addition", @"^(\d+) \+ (\d+) = ", true)]
    [InlineData("subtraction", @"^(\d+) - (\d+) = ", false)]
    public void Held_out_facts_appear_under_no_wording_and_in_no_order(string kind, string pattern, bool commutes)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant);
        HashSet<(string, string)> taught = [];
        foreach (string text in Documents.SelectMany(document => document.Texts))
        {
            Match match = regex.Match(text);
            if (match.Success)
            {
                taught.Add((match.Groups[1].Value, match.Groups[2].Value));
            }
        }

        PrimerQuestion[] questions = [.. PrimerBenchmark.Questions.Where(question => question.Kind == kind)];
        Assert.NotEmpty(questions);
        Assert.NotEmpty(taught);
        foreach (PrimerQuestion question in questions)
        {
            Match match = regex.Match(question.Answer);
            Assert.True(match.Success);
            Assert.DoesNotContain((match.Groups[1].Value, match.Groups[2].Value), taught);
            if (commutes)
            {
                Assert.DoesNotContain((match.Groups[2].Value, match.Groups[1].Value), taught);
            }
        }
    }

    [Fact]
    public void Every_kind_is_well_represented()
    {
        Dictionary<string, int> answers = Documents
            .SelectMany(document => document.Messages)
            .Where(message => message.Role == ChatRole.Assistant)
            .GroupBy(message => message.Text)
            .ToDictionary(group => group.Key, group => group.Count());
        string[] samples = ["Hello! How can I help you?", "3 + 4 = 7.", "9 - 4 = 5.", "3 * 3 = 9.", "c-a-t", "t-a-c", "Tuesday.", "The capital of France is Paris.", "A pass is the right to release one pending reward.", "Your name is Anna.", "6."];
        foreach (string sample in samples)
        {
            output.WriteLine($"{answers.GetValueOrDefault(sample)} x {sample}");
            Assert.True(answers.GetValueOrDefault(sample) >= 20, sample);
        }
    }
}
