namespace Basilisk.Model.Corpora.Default;

/// <summary>Saying something again, once or several times. The task with its words is what is held out.</summary>
public sealed class RepeatKind : IExchangeKind
{
    private static readonly string[] Times = ["Say {0} {1} times.", "Repeat {0} {1} times.", "Write {0} {1} times."];

    private static readonly string[] Once = ["Repeat after me: {0}.", "Say: {0}.", "Please say {0}.", "Repeat: {0}."];

    public string Name => "repeating";

    public int HoldOneOf => 12;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        string first = random.Pick(WordLists.Short);
        if (random.Chance(1, 2))
        {
            int count = random.Between(2, 5);
            string answer = string.Join(' ', Enumerable.Repeat(first, count)) + ".";
            return Exchange.Ask(Template.Fill(random.Pick(Times), first, WordLists.Numbers[count]), answer, $"{first} {count}");
        }

        string words = first + " " + random.Pick(WordLists.Short) + " " + random.Pick(WordLists.Short);
        return Exchange.Ask(Template.Fill(random.Pick(Once), words), words + ".", words);
    }
}
