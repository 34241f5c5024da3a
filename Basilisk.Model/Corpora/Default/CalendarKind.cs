namespace Basilisk.Model.Corpora.Default;

/// <summary>Days and months: next, previous, number, length, season. The wording for a day or month is what is held out.</summary>
public sealed class CalendarKind : IExchangeKind
{
    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static readonly string[] Lengths = ["31", "28 or 29", "31", "30", "31", "30", "31", "31", "30", "31", "30", "31"];

    private static readonly string[] Ordinals =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"];

    private static readonly string[] DayAfter =
        ["What day comes after {0}?", "Which day follows {0}?", "What is the day after {0}?", "Today is {0}. What day is tomorrow?", "If today is {0}, what is tomorrow?"];

    private static readonly string[] DayBefore =
        ["What day comes before {0}?", "Which day is before {0}?", "What is the day before {0}?", "Today is {0}. What day was yesterday?", "If today is {0}, what was yesterday?"];

    private static readonly string[] MonthAfter =
        ["What month comes after {0}?", "Which month follows {0}?", "What is the month after {0}?", "What is the next month after {0}?"];

    private static readonly string[] MonthBefore =
        ["What month comes before {0}?", "Which month is before {0}?", "What is the month before {0}?", "Which month comes just before {0}?"];

    private static readonly string[] MonthLength =
        ["How many days are in {0}?", "How many days does {0} have?", "How long is {0}?"];

    private static readonly string[] MonthNumber =
        ["What is the {0} month?", "Which month is the {0}?", "What is the {0} month of the year?"];

    private static readonly string[] Weekend = ["Is {0} a weekend day?", "Is {0} on the weekend?", "Do people rest on {0}?"];

    private static readonly (string Question, string Answer)[] Fixed =
    [
        ("How many days are in a week?", "A week has 7 days."), ("How many days does a week have?", "A week has 7 days."),
        ("How many months are in a year?", "A year has 12 months."), ("How many months does a year have?", "A year has 12 months."),
        ("How many hours are in a day?", "A day has 24 hours."), ("How many hours does a day have?", "A day has 24 hours."),
        ("How many minutes are in an hour?", "An hour has 60 minutes."), ("How many seconds are in a minute?", "A minute has 60 seconds."),
        ("What are the days of the week?", string.Join(", ", Days) + "."), ("Name the days of the week.", string.Join(", ", Days) + "."),
        ("Name the months of the year.", string.Join(", ", Months) + "."), ("What are the four seasons?", "Spring, summer, autumn and winter."),
        ("How many days are in a year?", "A year has 365 days, or 366 in a leap year."),
    ];

    public string Name => "calendar";

    public int HoldOneOf => 8;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int day = random.Below(7);
        int month = random.Below(12);
        return random.Below(9) switch
        {
            0 or 1 => Exchange.Ask(Template.Fill(random.Pick(DayAfter), Days[day]), $"{Days[(day + 1) % 7]}."),
            2 => Exchange.Ask(Template.Fill(random.Pick(DayBefore), Days[day]), $"{Days[(day + 6) % 7]}."),
            3 => Exchange.Ask(Template.Fill(random.Pick(MonthAfter), Months[month]), $"{Months[(month + 1) % 12]}."),
            4 => Exchange.Ask(Template.Fill(random.Pick(MonthBefore), Months[month]), $"{Months[(month + 11) % 12]}."),
            5 => Exchange.Ask(Template.Fill(random.Pick(MonthLength), Months[month]), $"{Months[month]} has {Lengths[month]} days."),
            6 => Exchange.Ask(Template.Fill(random.Pick(MonthNumber), Ordinals[month]), $"{Months[month]}."),
            7 => Exchange.Ask(Template.Fill(random.Pick(Weekend), Days[day]), day >= 5 ? $"Yes, {Days[day]} is on the weekend." : $"No, {Days[day]} is not on the weekend."),
            _ => AskFixed(random),
        };
    }

    private static Exchange AskFixed(CorpusRandom random)
    {
        (string question, string answer) = random.Pick(Fixed);
        return Exchange.Ask(question, answer);
    }
}
