using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora.Default;

namespace Basilisk.Model.Primer;

/// <summary>
/// Questions of the default corpus' kinds that its text never asks, answered greedily and compared letter by letter.
/// A score here is learning and not memory, within what each kind holds out (facts, or wordings of a fact; docs/corpus.md).
/// Models of another corpus can be asked too, but nobody taught them these answers.
/// </summary>
public static class PrimerBenchmark
{
    /// <summary>Questions per kind; small, because a node runs the benchmark at each round's end.</summary>
    public const int QuestionsPerKind = 24;

    private const ulong Seed = 0x5052_494D_4552_0001; // "PRIMER", 1

    /// <summary>A kind that yields no 24 held-out questions in so many draws is defined wrongly.</summary>
    private const int MostDraws = 200_000;

    private static readonly Lazy<IReadOnlyList<PrimerQuestion>> AllQuestions = new(() => [.. DefaultCorpus.Kinds.SelectMany(DrawHeldOut)]);

    /// <summary>The canonical list, kind after kind; the same on every machine.</summary>
    public static IReadOnlyList<PrimerQuestion> Questions => AllQuestions.Value;

    /// <summary>Asks every question.</summary>
    /// <param name="tokenizer">The network's table.</param>
    /// <param name="answer">
    /// Continues a prompt greedily: prompt tokens and the most tokens to give, to the tokens of the answer, with or without
    /// the closing <see cref="SpecialTokens.End"/>. What follows that token is ignored.
    /// </param>
    /// <param name="cancellation">Stops between questions.</param>
    public static PrimerResult Run(TokenizerTable tokenizer, Func<ushort[], int, ushort[]> answer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(answer);
        var scores = new List<PrimerScore>();
        foreach (IGrouping<string, PrimerQuestion> kind in Questions.GroupBy(question => question.Kind))
        {
            int right = 0;
            foreach (PrimerQuestion question in kind)
            {
                cancellation.ThrowIfCancellationRequested();
                right += IsRight(tokenizer, question, answer) ? 1 : 0;
            }

            scores.Add(new PrimerScore(kind.Key, right, kind.Count()));
        }

        return new PrimerResult(scores);
    }

    private static bool IsRight(TokenizerTable tokenizer, PrimerQuestion question, Func<ushort[], int, ushort[]> answer)
    {
        ushort[] prompt = tokenizer.EncodeChat(question.Prompt, openAnswer: true);
        int expected = tokenizer.Encode(question.Answer).Length;
        ushort[] given = answer(prompt, expected + 2); // room to say too much, which is wrong
        int end = Array.IndexOf(given, SpecialTokens.End);
        return tokenizer.DecodeText(end < 0 ? given : given.AsSpan(0, end)) == question.Answer;
    }

    private static List<PrimerQuestion> DrawHeldOut(IExchangeKind kind)
    {
        var random = new CorpusRandom(Seed);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var questions = new List<PrimerQuestion>();
        for (int draw = 0; draw < MostDraws && questions.Count < QuestionsPerKind; draw++)
        {
            Exchange exchange = kind.Draw(random);
            if (HeldOut.Contains(kind, exchange) && keys.Add(exchange.Key))
            {
                questions.Add(new PrimerQuestion(kind.Name, [.. exchange.Messages.SkipLast(1)], exchange.Answer));
            }
        }

        return questions.Count == QuestionsPerKind
            ? questions
            : throw new InvalidOperationException($"The kind {kind.Name} holds out only {questions.Count} questions; the benchmark needs {QuestionsPerKind}.");
    }
}
