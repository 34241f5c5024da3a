using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Primer;
using Xunit;

namespace Basilisk.Model.Tests.Primer;

public sealed class PrimerBenchmarkTests(ITestOutputHelper output)
{
    private static readonly TokenizerTable Table = TokenizerTable.Create([]);

    [Fact]
    public void Eight_kinds_or_more_have_twenty_questions_or_more_each()
    {
        var kinds = PrimerBenchmark.Questions.GroupBy(question => question.Kind).ToArray();
        Assert.Equal(DefaultCorpus.Kinds.Select(kind => kind.Name), kinds.Select(kind => kind.Key));
        Assert.True(kinds.Length >= 8);
        foreach (var kind in kinds)
        {
            output.WriteLine($"{kind.Key}: {string.Join(" | ", kind.Take(6).Select(question => question.Prompt[^1].Text + " -> " + question.Answer))}");
            Assert.True(kind.Count() >= 20);
            Assert.Equal(kind.Count(), kind.Select(question => string.Join('\n', question.Prompt.Select(message => message.Text))).Distinct().Count());
        }
    }

    [Fact]
    public void The_right_answers_score_full_marks()
    {
        var answers = new Queue<string>(PrimerBenchmark.Questions.Select(question => question.Answer));
        PrimerResult result = PrimerBenchmark.Run(Table, (_, _) => [.. Table.Encode(answers.Dequeue()), SpecialTokens.End, 'x'], CancellationToken.None);
        Assert.Equal(PrimerBenchmark.Questions.Count, result.Right);
        Assert.Equal(result.Asked, result.Right);
    }

    [Fact]
    public void Wrong_longer_and_empty_answers_score_nothing()
    {
        Assert.Equal(0, PrimerBenchmark.Run(Table, (_, _) => [], CancellationToken.None).Right);
        var answers = new Queue<string>(PrimerBenchmark.Questions.Select(question => question.Answer + "!"));
        Assert.Equal(0, PrimerBenchmark.Run(Table, (_, most) => [.. Table.Encode(answers.Dequeue()).Take(most)], CancellationToken.None).Right);
    }

    [Fact]
    public void A_prompt_is_the_chat_with_the_answer_opened()
    {
        ushort[]? first = null;
        PrimerBenchmark.Run(Table, (prompt, _) => { first ??= prompt; return []; }, CancellationToken.None);
        Assert.NotNull(first);
        Assert.Equal(SpecialTokens.User, first[0]);
        Assert.Equal([SpecialTokens.End, SpecialTokens.Assistant], first[^2..]);
    }

    [Fact]
    public void A_cancelled_run_stops() => Assert.Throws<OperationCanceledException>(
        () => PrimerBenchmark.Run(Table, (_, _) => [], new CancellationToken(canceled: true)));
}
