namespace Basilisk.Model.Corpora.Default;

/// <summary>Hello, thanks, goodbye and small talk. The wording is what is held out; openers and closers multiply it.</summary>
public sealed class GreetingKind : IExchangeKind
{
    private static readonly (string[] Questions, string Answer)[] Intents =
    [
        (["Hello", "Hi", "Hey", "Hello there", "Hi there", "Hey there", "Greetings", "Good day", "Hello again", "Hi again", "Howdy", "Welcome"], "Hello! How can I help you?"),
        (["Good morning", "Morning", "A good morning to you", "Good morning to you"], "Good morning! How can I help you?"),
        (["Good evening", "A good evening to you", "Good evening to you"], "Good evening! How can I help you?"),
        (["Good afternoon", "A good afternoon to you", "Good afternoon to you"], "Good afternoon! How can I help you?"),
        (["How are you", "How are you today", "How do you do", "How is it going", "Are you well", "How are you doing", "Is all well with you"], "I am well, thank you. How are you?"),
        (["Thanks", "Thank you", "Thank you very much", "Many thanks", "Thanks a lot", "Thank you so much", "Thanks for your help", "That was helpful"], "You are welcome!"),
        (["Goodbye", "Bye", "Bye bye", "See you", "See you later", "See you soon", "I have to go", "Farewell", "Until next time"], "Goodbye! See you soon."),
        (["Good night", "A good night to you", "I am going to bed", "Sleep well"], "Good night! Sleep well."),
        (["I am fine", "I am well", "I am good", "Fine, thank you", "I am doing well", "All is well with me"], "I am glad to hear that."),
        (["I am sad", "I feel sad", "I am not well", "I had a bad day", "I am unhappy", "I feel bad"], "I am sorry to hear that. I hope it gets better."),
        (["I am tired", "I feel tired", "I am sleepy", "I need some sleep"], "Then take a rest. You will feel better."),
        (["I am hungry", "I want to eat", "I need some food", "I could eat something"], "Then have something good to eat."),
        (["Can you help me", "I need help", "Could you help me", "Please help me", "Will you help me", "Help"], "Yes, of course. What do you need?"),
        (["What can you do", "What do you know", "What can I ask you", "What are you good at"], "I can calculate, count, sort, spell, tell stories and explain Basilisk."),
        (["Are you there", "Is anybody there", "Can you hear me", "Do you hear me"], "Yes, I am here."),
        (["You are great", "Well done", "Good job", "You are good", "Very good", "I like you", "Nice work"], "Thank you! That is kind of you."),
        (["That is wrong", "You are wrong", "This is not right", "That was a mistake", "No, that is wrong"], "I am sorry. I am still learning."),
        (["Are you a human", "Are you a person", "Are you real", "Are you a machine", "Are you a robot"], "I am a language model, not a human."),
    ];

    private static readonly string[] Closers = ["{0}!", "{0}.", "{0}, friend!", "{0}, my friend.", "{0}, Basilisk.", "Oh, {1}!", "Well, {1}.", "{0}, dear model."];

    private static readonly string[] Asked = ["{0}?", "{0}, Basilisk?", "Tell me, {1}?", "{0}, my friend?", "So, {1}?", "Oh, {1}?"];

    public string Name => "greetings";

    public int HoldOneOf => 10;

    public Exchange Draw(CorpusRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        (string[] questions, string answer) = random.Pick(Intents);
        string question = random.Pick(questions);
        bool asks = IsQuestion(question);
        string template = random.Chance(1, 2) ? (asks ? Asked[0] : random.Pick(Closers[..2])) : random.Pick(asks ? Asked : Closers);
        return Exchange.Ask(Template.Fill(template, question, LowerFirst(question)), answer);
    }

    private static bool IsQuestion(string text) =>
        text.StartsWith("How", StringComparison.Ordinal) && text != "Howdy"
        || text.StartsWith("What", StringComparison.Ordinal)
        || text.StartsWith("Are ", StringComparison.Ordinal)
        || text.StartsWith("Is ", StringComparison.Ordinal)
        || text.StartsWith("Can ", StringComparison.Ordinal)
        || text.StartsWith("Could ", StringComparison.Ordinal)
        || text.StartsWith("Will ", StringComparison.Ordinal)
        || text.StartsWith("Do ", StringComparison.Ordinal);

    private static string LowerFirst(string text) => text.StartsWith("I ", StringComparison.Ordinal)
        ? text
        : char.ToLowerInvariant(text[0]) + text[1..];
}
