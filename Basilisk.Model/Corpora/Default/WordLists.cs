namespace Basilisk.Model.Corpora.Default;

/// <summary>The words that several kinds of question share. Adding or moving one changes the corpus and its hash.</summary>
internal static class WordLists
{
    /// <summary>Common words of three to six letters.</summary>
    public static readonly string[] Short =
    [
        "cat", "dog", "sun", "hat", "bed", "cup", "map", "pen", "box", "fox", "bus", "car", "egg", "fan", "jam", "key", "leg", "net",
        "owl", "pig", "rat", "sea", "toy", "van", "web", "zoo", "ant", "bat", "cow", "day", "ear", "fish", "gold", "hand", "ice",
        "jump", "king", "lamp", "moon", "nest", "oven", "park", "queen", "rain", "ship", "tree", "unit", "vase", "wind", "yard",
        "apple", "bread", "chair", "dream", "earth", "flour", "grape", "house", "island", "juice", "knife", "lemon", "mouse",
        "night", "ocean", "paper", "quiet", "river", "stone", "table", "uncle", "voice", "water", "young", "zebra", "bird", "cake",
        "door", "farm", "game", "hill", "iron", "jacket", "kite", "leaf", "milk", "name", "orange", "pear", "road", "salt", "time",
        "wall", "year", "block", "chain", "coin", "round", "train", "model", "bear", "boat", "cloud", "duck", "fire", "frog", "goat",
        "green", "happy", "horse", "light", "lion", "music", "plant", "plum", "rose", "sand", "seed", "sheep", "snow", "spoon",
        "star", "sugar", "tiger", "town", "wolf", "wood", "word", "world", "yellow", "garden", "silver", "winter", "summer",
    ];

    public static readonly string[] Names =
    [
        "Anna", "Ben", "Clara", "David", "Emma", "Finn", "Grace", "Hugo", "Ida", "Jack", "Kate", "Leo", "Mia", "Noah", "Olga", "Paul",
        "Rosa", "Sam", "Tina", "Uma", "Victor", "Wendy", "Yara", "Zoe", "Adam", "Bella", "Carl", "Diana", "Eric", "Fiona", "Max", "Nora",
    ];

    public static readonly string[] Animals =
    [
        "cat", "dog", "fox", "bear", "rabbit", "mouse", "goose", "frog", "horse", "duck", "goat", "wolf", "lion", "tiger", "sheep", "hen",
    ];

    public static readonly string[] Numbers =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ];
}
