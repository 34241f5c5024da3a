namespace Basilisk.Model.Corpora.Default;

/// <summary>Sums and differences of small numbers; the unordered pair of numbers is the fact held out.</summary>
public sealed class AdditionKind : IExchangeKind
{
    private static readonly string[] Plus =
    [
        "What is {0} + {1}?", "What is {0} plus {1}?", "{0} + {1} = ?", "{0}+{1}", "Add {0} and {1}.", "How much is {0} + {1}?",
        "Calculate {0} + {1}.", "What's {0}+{1}?", "What is the sum of {0} and {1}?",
    ];

    public string Name => "addition";

    public int HoldOneOf => 16;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int limit = random.Chance(3, 4) ? 12 : random.Chance(2, 3) ? 20 : 60;
        int a = random.Between(0, limit);
        int b = random.Between(0, limit);
        return Exchange.Ask(Template.Fill(random.Pick(Plus), a, b), $"{a} + {b} = {a + b}.", $"{Math.Min(a, b)} {Math.Max(a, b)}");
    }
}

/// <summary>Differences that are not negative; the two numbers are the fact held out.</summary>
public sealed class SubtractionKind : IExchangeKind
{
    private static readonly string[] Minus =
    [
        "What is {0} - {1}?", "What is {0} minus {1}?", "{0} - {1} = ?", "{0}-{1}", "Take {1} from {0}.", "How much is {0} - {1}?",
        "Calculate {0} - {1}.", "What's {0}-{1}?", "Subtract {1} from {0}.",
    ];

    public string Name => "subtraction";

    public int HoldOneOf => 16;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int limit = random.Chance(3, 4) ? 12 : random.Chance(2, 3) ? 20 : 60;
        int a = random.Between(0, limit);
        int b = random.Between(0, a);
        return Exchange.Ask(Template.Fill(random.Pick(Minus), a, b), $"{a} - {b} = {a - b}.", $"{a} {b}");
    }
}

/// <summary>
/// The small multiplication table. A product that was never seen cannot be worked out by a model of this size,
/// so every product is taught, and what is held out is the wording for it.
/// </summary>
public sealed class MultiplicationKind : IExchangeKind
{
    private static readonly string[] Times =
    [
        "What is {0} * {1}?", "What is {0} times {1}?", "{0} * {1} = ?", "{0}*{1}", "Multiply {0} by {1}.", "How much is {0} x {1}?",
        "Calculate {0} * {1}.", "What is {0} x {1}?",
    ];

    public string Name => "multiplication";

    public int HoldOneOf => 12;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int limit = random.Chance(2, 3) ? 10 : 16;
        int a = random.Between(0, limit);
        int b = random.Between(0, limit);
        return Exchange.Ask(Template.Fill(random.Pick(Times), a, b), $"{a} * {b} = {a * b}.");
    }
}

/// <summary>Which of two numbers is bigger or smaller; the unordered pair is the fact held out.</summary>
public sealed class ComparisonKind : IExchangeKind
{
    private static readonly string[] Bigger =
        ["Which is bigger, {0} or {1}?", "Which number is greater: {0} or {1}?", "What is more, {0} or {1}?", "{0} or {1}: which is larger?"];

    private static readonly string[] Smaller =
        ["Which is smaller, {0} or {1}?", "Which number is less: {0} or {1}?", "What is less, {0} or {1}?", "{0} or {1}: which is smaller?"];

    public string Name => "comparison";

    public int HoldOneOf => 12;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int limit = random.Chance(3, 4) ? 20 : 99;
        int a = random.Between(0, limit);
        int b = random.Between(0, limit - 1);
        b += b >= a ? 1 : 0;
        (int low, int high) = (Math.Min(a, b), Math.Max(a, b));
        string key = $"{low} {high}";
        return random.Below(3) switch
        {
            0 => Exchange.Ask(Template.Fill(random.Pick(Bigger), a, b), $"{high} is bigger than {low}.", key),
            1 => Exchange.Ask(Template.Fill(random.Pick(Smaller), a, b), $"{low} is smaller than {high}.", key),
            _ => Exchange.Ask($"Is {a} bigger than {b}?", a > b ? $"Yes, {a} is bigger than {b}." : $"No, {a} is smaller than {b}.", key),
        };
    }
}
