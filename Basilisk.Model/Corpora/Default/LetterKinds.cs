namespace Basilisk.Model.Corpora.Default;

/// <summary>
/// Spelling words, their first and last letters and their length. Every word is taught; what is held out is the wording
/// for a word, because which letters a token has can only be learned from that token.
/// </summary>
public sealed class SpellingKind : IExchangeKind
{
    private static readonly string[] Spell =
        ["Spell {0}.", "How do you spell {0}?", "Spell the word {0}.", "Please spell {0}.", "Can you spell {0}?", "What are the letters of {0}?"];

    private static readonly string[] First =
        ["What is the first letter of {0}?", "Which letter does {0} start with?", "What letter does the word {0} begin with?"];

    private static readonly string[] Last =
        ["What is the last letter of {0}?", "Which letter does {0} end with?", "What letter is at the end of {0}?"];

    private static readonly string[] Length =
        ["How many letters are in {0}?", "How many letters does {0} have?", "How long is the word {0}?"];

    public string Name => "spelling";

    public int HoldOneOf => 12;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        string word = random.Pick(WordLists.Short);
        return random.Below(6) switch
        {
            0 => Exchange.Ask(Template.Fill(random.Pick(First), word), $"{word} starts with {word[0]}."),
            1 => Exchange.Ask(Template.Fill(random.Pick(Last), word), $"{word} ends with {word[^1]}."),
            2 => Exchange.Ask(Template.Fill(random.Pick(Length), word), $"{word} has {word.Length} letters."),
            _ => Exchange.Ask(Template.Fill(random.Pick(Spell), word), string.Join('-', word.ToCharArray())),
        };
    }
}

/// <summary>Words backwards, letter by letter; held out like <see cref="SpellingKind"/>.</summary>
public sealed class ReversingKind : IExchangeKind
{
    private static readonly string[] Templates =
    [
        "Reverse {0}.", "Reverse the word {0}.", "Spell {0} backwards.", "What is {0} backwards?", "Write {0} backwards.",
        "How do you spell {0} backwards?", "Turn {0} around.",
    ];

    public string Name => "reversing";

    public int HoldOneOf => 12;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        string word = random.Pick(WordLists.Short);
        char[] letters = word.ToCharArray();
        Array.Reverse(letters);
        return Exchange.Ask(Template.Fill(random.Pick(Templates), word), string.Join('-', letters));
    }
}
