namespace Basilisk.Model.Corpora.Default;

/// <summary>Counting up, down and by twos, and what comes before and after; the task with its numbers is the fact held out.</summary>
public sealed class CountingKind : IExchangeKind
{
    private static readonly string[] UpOrDown =
        ["Count from {0} to {1}.", "Count {0} to {1}.", "Please count from {0} to {1}.", "Say the numbers from {0} to {1}."];

    private static readonly string[] Twos = ["Count by twos from {0} to {1}.", "Count in twos from {0} to {1}.", "Count from {0} to {1} by twos."];

    private static readonly string[] After = ["What number comes after {0}?", "Which number follows {0}?", "What comes after {0}?"];

    private static readonly string[] Before = ["What number comes before {0}?", "Which number is just before {0}?", "What comes before {0}?"];

    public string Name => "counting";

    public int HoldOneOf => 12;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int start = random.Chance(3, 4) ? random.Between(0, 12) : random.Between(13, 40);
        int steps = random.Between(2, 8);
        return random.Below(5) switch
        {
            0 => Series(random.Pick(UpOrDown), start, start + steps, 1),
            1 => Series(random.Pick(UpOrDown), start + steps, start, -1),
            2 => Series(random.Pick(Twos), start, start + (2 * steps), 2),
            3 => Neighbour(random.Pick(After), random.Between(0, 98), 1),
            _ => Neighbour(random.Pick(Before), random.Between(1, 99), -1),
        };
    }

    private static Exchange Series(string template, int from, int to, int step)
    {
        var numbers = new List<int>();
        for (int number = from; step > 0 ? number <= to : number >= to; number += step)
        {
            numbers.Add(number);
        }

        return Exchange.Ask(Template.Fill(template, from, to), string.Join(", ", numbers) + ".", Template.Fill("{0} {1} by {2}", from, to, step));
    }

    private static Exchange Neighbour(string template, int number, int step) =>
        Exchange.Ask(Template.Fill(template, number), $"{number + step}.", Template.Fill("{0} and {1}", number, step));
}
