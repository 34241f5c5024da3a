namespace Basilisk.Model.Corpora.Default;

/// <summary>The small facts that the default corpus teaches: subject and answer.</summary>
internal static class FactTables
{
    public static readonly (string Thing, string Colour)[] Colours =
    [
        ("grass", "green"), ("the sky", "blue"), ("snow", "white"), ("coal", "black"), ("blood", "red"), ("a lemon", "yellow"),
        ("milk", "white"), ("a banana", "yellow"), ("a carrot", "orange"), ("a frog", "green"), ("chocolate", "brown"), ("a tomato", "red"),
        ("the sea", "blue"), ("a leaf", "green"), ("the sun", "yellow"), ("a crow", "black"), ("a pig", "pink"), ("an elephant", "grey"),
        ("a polar bear", "white"), ("a ripe cherry", "red"), ("cocoa", "brown"), ("a plum", "purple"), ("salt", "white"), ("a pine tree", "green"),
    ];

    public static readonly (string Animal, string Sound)[] Sounds =
    [
        ("dog", "woof"), ("cat", "meow"), ("cow", "moo"), ("sheep", "baa"), ("duck", "quack"), ("pig", "oink"), ("horse", "neigh"),
        ("lion", "roar"), ("bee", "buzz"), ("snake", "hiss"), ("frog", "croak"), ("wolf", "howl"), ("mouse", "squeak"), ("hen", "cluck"),
    ];

    public static readonly (string Animal, string Young)[] Young =
    [
        ("dog", "puppy"), ("cat", "kitten"), ("cow", "calf"), ("sheep", "lamb"), ("duck", "duckling"), ("horse", "foal"), ("goat", "kid"),
        ("hen", "chick"), ("bear", "cub"), ("lion", "cub"), ("frog", "tadpole"), ("pig", "piglet"), ("swan", "cygnet"), ("deer", "fawn"),
    ];

    public static readonly (string Animal, int Legs)[] Legs =
    [
        ("dog", 4), ("cat", 4), ("cow", 4), ("horse", 4), ("bird", 2), ("duck", 2), ("spider", 8), ("butterfly", 6), ("bee", 6), ("fly", 6),
        ("snake", 0), ("fish", 0), ("frog", 4), ("hen", 2), ("crab", 10), ("beetle", 6),
    ];

    public static readonly (string Word, string Opposite)[] Opposites =
    [
        ("hot", "cold"), ("big", "small"), ("up", "down"), ("day", "night"), ("yes", "no"), ("good", "bad"), ("old", "new"), ("fast", "slow"),
        ("high", "low"), ("open", "closed"), ("full", "empty"), ("wet", "dry"), ("long", "short"), ("rich", "poor"), ("strong", "weak"),
        ("light", "dark"), ("hard", "soft"), ("happy", "sad"), ("early", "late"), ("near", "far"), ("left", "right"), ("in", "out"),
        ("true", "false"), ("first", "last"), ("black", "white"), ("clean", "dirty"), ("loud", "quiet"), ("thick", "thin"), ("wide", "narrow"),
        ("win", "lose"), ("buy", "sell"), ("push", "pull"), ("give", "take"), ("start", "stop"), ("before", "after"), ("over", "under"),
    ];

    public static readonly (string Country, string City)[] Capitals =
    [
        ("France", "Paris"), ("Germany", "Berlin"), ("Italy", "Rome"), ("Spain", "Madrid"), ("Portugal", "Lisbon"), ("Greece", "Athens"),
        ("Austria", "Vienna"), ("Poland", "Warsaw"), ("Norway", "Oslo"), ("Sweden", "Stockholm"), ("Denmark", "Copenhagen"),
        ("Finland", "Helsinki"), ("Ireland", "Dublin"), ("Hungary", "Budapest"), ("Japan", "Tokyo"), ("China", "Beijing"), ("Egypt", "Cairo"),
        ("Russia", "Moscow"), ("Canada", "Ottawa"), ("Cuba", "Havana"), ("Peru", "Lima"), ("Kenya", "Nairobi"), ("Belgium", "Brussels"),
        ("England", "London"), ("Turkey", "Ankara"), ("Thailand", "Bangkok"),
    ];

    public static readonly (string One, string Many)[] Plurals =
    [
        ("cat", "cats"), ("dog", "dogs"), ("box", "boxes"), ("fox", "foxes"), ("child", "children"), ("man", "men"), ("woman", "women"),
        ("mouse", "mice"), ("foot", "feet"), ("tooth", "teeth"), ("leaf", "leaves"), ("wolf", "wolves"), ("city", "cities"), ("baby", "babies"),
        ("sheep", "sheep"), ("knife", "knives"), ("goose", "geese"), ("bus", "buses"), ("day", "days"), ("story", "stories"),
    ];

    public static readonly (string Thing, string Kind)[] Kinds =
    [
        ("an apple", "a fruit"), ("a rose", "a flower"), ("a dog", "an animal"), ("a hammer", "a tool"), ("a carrot", "a vegetable"),
        ("red", "a colour"), ("Paris", "a city"), ("France", "a country"), ("a car", "a vehicle"), ("gold", "a metal"), ("a chair", "a piece of furniture"),
        ("a piano", "an instrument"), ("an oak", "a tree"), ("a shirt", "a piece of clothing"), ("seven", "a number"), ("milk", "a drink"),
        ("bread", "a food"), ("a salmon", "a fish"), ("an eagle", "a bird"), ("a bee", "an insect"), ("Monday", "a day"), ("May", "a month"),
    ];
}
