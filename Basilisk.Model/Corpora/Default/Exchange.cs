using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Corpora.Default;

/// <summary>A question with its one right answer; a few need turns before the question.</summary>
/// <param name="Messages">User and assistant by turns; the last one is the answer.</param>
/// <param name="Key">
/// What is kept apart when the exchange is held out: the fact asked for ("add 3 4") where facts can be left unseen,
/// else the wording.
/// </param>
public sealed record Exchange(IReadOnlyList<ChatMessage> Messages, string Key)
{
    /// <summary>The question as typed.</summary>
    public string Question => Messages[^2].Text;

    /// <summary>The right answer.</summary>
    public string Answer => Messages[^1].Text;

    /// <summary>One question, one answer. The wording is the key unless another is given.</summary>
    public static Exchange Ask(string question, string answer, string? key = null) =>
        new([new ChatMessage(ChatRole.User, question), new ChatMessage(ChatRole.Assistant, answer)], key ?? Wording.Normalise(question));
}

/// <summary>One kind of question that the default corpus teaches and the primer benchmark asks.</summary>
public interface IExchangeKind
{
    /// <summary>Stable lower-case name, e.g. <c>addition</c>.</summary>
    string Name { get; }

    /// <summary>Of how many keys one is held out of the training text.</summary>
    int HoldOneOf { get; }

    /// <summary>A question of this kind, drawn from all of them, held out or not.</summary>
    Exchange Draw(CorpusRandom random);
}
