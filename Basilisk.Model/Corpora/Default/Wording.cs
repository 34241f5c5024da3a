namespace Basilisk.Model.Corpora.Default;

/// <summary>How people type the same question: with and without capitals, end marks and a few words around it.</summary>
public static class Wording
{
    private static readonly string[] Openers =
        ["Please tell me: ", "I have a question. ", "Quick question: ", "Can you help me? ", "Next one: ", "Hey, "];

    /// <summary>The question less everything that <see cref="Vary"/> may change: lower case, no end mark.</summary>
    public static string Normalise(string question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return question.ToLowerInvariant().TrimEnd('?', '.', '!', ' ');
    }

    /// <summary>The question as one of many people would type it.</summary>
    public static string Vary(CorpusRandom random, string question)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(question);
        string typed = question;
        if (random.Chance(1, 4))
        {
            typed = typed.TrimEnd('?', '.', '!');
        }

        if (random.Chance(1, 4))
        {
            typed = typed.ToLowerInvariant();
        }

        return random.Chance(1, 12) ? random.Pick(Openers) + typed : typed;
    }
}
