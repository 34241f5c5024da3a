namespace Basilisk.Model.Corpora.Default;

/// <summary>Questions about the small fact tables. The wording for a subject is what is held out.</summary>
public sealed class FactKind : IExchangeKind
{
    private static readonly string[] Colour = ["What colour is {0}?", "What is the colour of {0}?", "Which colour does {0} have?", "Tell me the colour of {0}."];
    private static readonly string[] Sound = ["What sound does a {0} make?", "What does a {0} say?", "Which sound does a {0} make?"];
    private static readonly string[] Young = ["What is a young {0} called?", "What do you call a baby {0}?", "What is the young of a {0}?"];
    private static readonly string[] Legs = ["How many legs does a {0} have?", "How many legs has a {0}?", "Count the legs of a {0}."];
    private static readonly string[] Opposite = ["What is the opposite of {0}?", "Opposite of {0}?", "Tell me the opposite of {0}.", "Which word is the opposite of {0}?"];
    private static readonly string[] Capital = ["What is the capital of {0}?", "Capital of {0}?", "Which city is the capital of {0}?", "Tell me the capital of {0}.", "Name the capital city of {0}."];
    private static readonly string[] Country = ["{0} is the capital of which country?", "Of which country is {0} the capital?", "In which country is {0}?"];
    private static readonly string[] Plural = ["What is the plural of {0}?", "Plural of {0}?", "One {0}, two what?"];
    private static readonly string[] Kind = ["What kind of thing is {0}?", "What sort of thing is {0}?", "Tell me what {0} is."];
    private static readonly string[] Digits = ["Write {0} as a number.", "Write the number {0} in digits.", "What number is {0}?", "{0} in digits?"];
    private static readonly string[] Words = ["Write {0} in words.", "How do you write {0} in words?", "Say the number {0} in words."];

    private static readonly (string City, string Country)[] Countries = [.. FactTables.Capitals.Select(pair => (pair.City, pair.Country))];

    public string Name => "facts";

    public int HoldOneOf => 8;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return random.Below(12) switch
        {
            0 => From(random, FactTables.Colours, Colour, (thing, colour) => $"{Sentence(thing)} is {colour}."),
            1 => From(random, FactTables.Sounds, Sound, (animal, sound) => $"A {animal} says {sound}."),
            2 => From(random, FactTables.Young, Young, (animal, young) => $"A young {animal} is called a {young}."),
            3 => From(random, FactTables.Legs, Legs, (animal, legs) => $"A {animal} has {legs} legs."),
            4 or 5 => From(random, FactTables.Opposites, Opposite, (word, opposite) => $"The opposite of {word} is {opposite}."),
            6 or 7 => From(random, FactTables.Capitals, Capital, (country, city) => $"The capital of {country} is {city}."),
            8 => From(random, Countries, Country, (city, country) => $"{city} is in {country}."),
            9 => From(random, FactTables.Plurals, Plural, (one, many) => $"The plural of {one} is {many}."),
            10 => From(random, FactTables.Kinds, Kind, (thing, kind) => $"{Sentence(thing)} is {kind}."),
            _ => Number(random),
        };
    }

    private static Exchange From<T>(CorpusRandom random, (string Subject, T Value)[] table, string[] templates, Func<string, T, string> answer)
    {
        (string subject, T value) = random.Pick(table);
        return Exchange.Ask(Template.Fill(random.Pick(templates), subject), answer(subject, value));
    }

    private static Exchange Number(CorpusRandom random)
    {
        int number = random.Below(WordLists.Numbers.Length);
        string word = WordLists.Numbers[number];
        return random.Chance(1, 2)
            ? Exchange.Ask(Template.Fill(random.Pick(Digits), word), $"{word} is {number}.")
            : Exchange.Ask(Template.Fill(random.Pick(Words), number), $"{number} is {word}.");
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
