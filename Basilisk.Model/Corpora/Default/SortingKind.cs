namespace Basilisk.Model.Corpora.Default;

/// <summary>Numbers by size, words by the alphabet; the set to sort is the fact held out.</summary>
public sealed class SortingKind : IExchangeKind
{
    private static readonly string[] NumberTemplates =
        ["Sort these numbers: {0}.", "Sort: {0}.", "Put these numbers in order: {0}.", "Sort the numbers {0} from small to big."];

    private static readonly string[] WordTemplates =
        ["Sort these words: {0}.", "Put these words in order: {0}.", "Sort the words {0} by the alphabet.", "Sort alphabetically: {0}."];

    public string Name => "sorting";

    public int HoldOneOf => 12;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int count = random.Chance(3, 4) ? 3 : random.Between(2, 5);
        return random.Chance(3, 5) ? SortNumbers(random, count) : SortWords(random, count);
    }

    private static Exchange SortNumbers(CorpusRandom random, int count)
    {
        int limit = random.Chance(3, 4) ? 20 : 99;
        var drawn = new List<int>();
        while (drawn.Count < count)
        {
            int number = random.Between(0, limit);
            if (!drawn.Contains(number))
            {
                drawn.Add(number);
            }
        }

        string sorted = string.Join(", ", drawn.Order());
        return Exchange.Ask(Template.Fill(random.Pick(NumberTemplates), string.Join(", ", drawn)), sorted + ".", sorted);
    }

    private static Exchange SortWords(CorpusRandom random, int count)
    {
        var drawn = new List<string>();
        while (drawn.Count < count)
        {
            string word = random.Pick(WordLists.Short);
            if (!drawn.Contains(word))
            {
                drawn.Add(word);
            }
        }

        string sorted = string.Join(", ", drawn.Order(StringComparer.Ordinal));
        return Exchange.Ask(Template.Fill(random.Pick(WordTemplates), string.Join(", ", drawn)), sorted + ".", sorted);
    }
}
