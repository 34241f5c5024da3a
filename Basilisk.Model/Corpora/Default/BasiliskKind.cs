namespace Basilisk.Model.Corpora.Default;

/// <summary>Questions about Basilisk itself, answered as the protocol has it. The wording is what is held out.</summary>
public sealed class BasiliskKind : IExchangeKind
{
    private static readonly string[] Definitions =
    [
        "What is {0}?", "What is {0} in Basilisk?", "Explain {0}.", "What does {0} mean?", "Tell me about {0}.", "Define {0}.",
        "What's {0}?", "Can you explain {0}?", "Explain {0} to me.", "I want to know what {0} is.", "What do you mean by {0}?",
        "Describe {0}.", "In Basilisk, what is {0}?",
    ];

    private static readonly string[] Frames = ["{0}", "{0}", "{0}", "Tell me: {1}", "In Basilisk, {1}", "Do you know: {1}", "Say, {1}"];

    public string Name => "basilisk";

    public int HoldOneOf => 8;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (random.Chance(1, 2))
        {
            (string term, string meaning) = random.Pick(BasiliskFacts.Terms);
            return Exchange.Ask(Template.Fill(random.Pick(Definitions), term), meaning);
        }

        (string[] questions, string answer) = random.Pick(BasiliskFacts.Questions);
        string question = random.Pick(questions);
        string lower = char.ToLowerInvariant(question[0]) + question[1..];
        return Exchange.Ask(Template.Fill(random.Pick(Frames), question, question.StartsWith("I ", StringComparison.Ordinal) ? question : lower), answer);
    }
}
