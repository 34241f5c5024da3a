using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Corpora.Default;

/// <summary>Short stories from a grammar: somebody, a friend, a place, a thing, a trouble and how it ends.</summary>
internal static class StoryWriter
{
    private static readonly string[] Places =
        ["forest", "garden", "small town", "village", "big city", "farm", "valley", "castle", "harbour", "meadow", "old mill", "mountain"];

    private static readonly string[] Adjectives =
        ["little", "brave", "clever", "kind", "old", "young", "quiet", "happy", "shy", "curious"];

    private static readonly string[] Things =
        ["red ball", "golden key", "blue hat", "small boat", "warm coat", "silver coin", "old map", "wooden box", "green lamp", "big cake", "new kite", "little bell"];

    private static readonly string[] Openings =
    [
        "Once upon a time there was a {0} {1} called {2}. {2} lived in a {3}.",
        "In a {3} lived a {0} {1}. Its name was {2}.",
        "{2} was a {0} {1}. Every day {2} walked through the {3}.",
        "Long ago a {0} {1} named {2} came to a {3}.",
    ];

    private static readonly string[] Plots =
    [
        "One day {0} lost a {2}. {0} looked everywhere, but could not find it. Then {1} the {3} came along. \"I will help you,\" said {1}. Together they looked under every tree. At last they found the {2}.",
        "One morning {0} found a {2}. \"Whose {2} is this?\" asked {0}. {1} the {3} had lost it. {0} gave it back. {1} was very glad.",
        "It began to rain. {0} was wet and cold. {1} the {3} opened the door. \"Come in,\" said {1}. They sat by the fire and talked all night.",
        "{0} wanted to cross the river. The water was deep. {1} the {3} had a boat. \"Jump in,\" said {1}. Soon they were on the other side.",
        "{0} wanted to bake a cake, but there was no flour. {1} the {3} had some. They baked the cake together. It was the best cake of the year.",
        "{0} saw a {2} in a high tree. {0} could not reach it. {1} the {3} was tall. {1} took it down and gave it to {0}.",
        "One night {0} could not sleep. The wind was loud. {1} the {3} sang a song. The song was soft and slow. Soon {0} was asleep.",
        "{0} and {1} the {3} had a race. {0} ran fast, but {1} ran faster. {0} was not sad. \"Well done,\" said {0}.",
        "{0} wanted to learn to count. {1} the {3} was a teacher. \"One, two, three,\" said {1}. \"Four, five, six,\" said {0}. They counted all the stars.",
        "A {2} fell into the well. {0} began to cry. {1} the {3} brought a long rope. Slowly they pulled it up. {0} smiled again.",
    ];

    private static readonly string[] Endings =
    [
        "From that day on they were friends.", "They were happy and went home.", "And {0} never forgot it.", "\"Thank you,\" said {0}.",
        "That was a good day.", "Then they shared an apple and laughed.",
    ];

    private static readonly string[] Requests =
        ["Tell me a story about a {0}.", "Tell me a story with a {0}.", "I want to hear a story about a {0}.", "Write a short story about a {0}.", "Can you tell a story about a {0}?"];

    private static readonly string[] AnyRequests =
        ["Tell me a story.", "Do you know a story?", "Write a short story.", "I want to hear a story.", "Please tell me a story."];

    /// <summary>A story as plain text or as the answer to somebody who asked for one.</summary>
    public static CorpusDocument Draw(CorpusRandom random)
    {
        string hero = random.Pick(WordLists.Animals);
        string story = Tell(random, hero);
        if (random.Chance(1, 3))
        {
            return CorpusDocument.Plain(story);
        }

        string request = random.Chance(3, 4) ? Template.Fill(random.Pick(Requests), hero) : random.Pick(AnyRequests);
        return CorpusDocument.Chat([new ChatMessage(ChatRole.User, Wording.Vary(random, request)), new ChatMessage(ChatRole.Assistant, story)]);
    }

    private static string Tell(CorpusRandom random, string hero)
    {
        string name = random.Pick(WordLists.Names);
        string other = random.Pick(WordLists.Names);
        while (other == name)
        {
            other = random.Pick(WordLists.Names);
        }

        return Template.Fill(random.Pick(Openings), random.Pick(Adjectives), hero, name, random.Pick(Places))
            + " " + Template.Fill(random.Pick(Plots), name, other, random.Pick(Things), random.Pick(WordLists.Animals))
            + " " + Template.Fill(random.Pick(Endings), name);
    }
}
