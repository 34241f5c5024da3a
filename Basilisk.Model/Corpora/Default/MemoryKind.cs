using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Corpora.Default;

/// <summary>
/// Something said earlier in the chat, asked for later. The thing told and the question's wording are held out together;
/// the held-out answers cannot be learned by heart, they have to be read from the chat.
/// </summary>
public sealed class MemoryKind : IExchangeKind
{
    private static readonly string[] Colours = ["red", "blue", "green", "yellow", "black", "white", "brown", "pink", "orange", "grey"];

    private static readonly string[] Towns = ["Rome", "Paris", "Oslo", "Lima", "Berlin", "Cairo", "Vienna", "Madrid", "Dublin", "Tokyo", "Athens", "London"];

    private static readonly Topic[] Topics =
    [
        new(WordLists.Names, ["My name is {0}.", "I am {0}.", "Hello, I am {0}.", "Call me {0}."], "Nice to meet you, {0}.",
            ["What is my name?", "Who am I?", "Do you know my name?", "What am I called?"], "Your name is {0}."),
        new(Colours, ["My favourite colour is {0}.", "I like the colour {0}.", "The colour I like best is {0}."], "{1} is a nice colour.",
            ["What is my favourite colour?", "Which colour do I like?", "What colour do I like best?"], "Your favourite colour is {0}."),
        new(WordLists.Animals, ["I have a {0}.", "My pet is a {0}.", "I live with a {0}."], "A {0} is a good friend.",
            ["What pet do I have?", "What is my pet?", "Which animal do I have?"], "You have a {0}."),
        new(Towns, ["I live in {0}.", "My home is in {0}.", "I come from {0}."], "{0} is a nice place.",
            ["Where do I live?", "Where is my home?", "Which town do I live in?"], "You live in {0}."),
    ];

    private static readonly IExchangeKind[] Between = [new AdditionKind(), new CalendarKind(), new FactKind()];

    public string Name => "memory";

    public int HoldOneOf => 8;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Topic topic = random.Pick(Topics);
        string thing = random.Pick(topic.Things);
        string capital = char.ToUpperInvariant(thing[0]) + thing[1..];
        string question = random.Pick(topic.Questions);
        List<ChatMessage> messages =
        [
            new(ChatRole.User, Template.Fill(random.Pick(topic.Statements), thing)),
            new(ChatRole.Assistant, Template.Fill(topic.Reply, thing, capital)),
        ];
        if (random.Chance(1, 3))
        {
            messages.AddRange(Unheld(random).Messages);
        }

        messages.Add(new(ChatRole.User, question));
        messages.Add(new(ChatRole.Assistant, Template.Fill(topic.Answer, thing)));
        return new Exchange(messages, $"{thing}: {Wording.Normalise(question)}");
    }

    /// <summary>A question in between; never one that another kind holds out.</summary>
    private static Exchange Unheld(CorpusRandom random)
    {
        IExchangeKind kind = random.Pick(Between);
        Exchange exchange;
        do
        {
            exchange = kind.Draw(random);
        }
        while (HeldOut.Contains(kind, exchange));

        return exchange;
    }

    private sealed record Topic(string[] Things, string[] Statements, string Reply, string[] Questions, string Answer);
}
