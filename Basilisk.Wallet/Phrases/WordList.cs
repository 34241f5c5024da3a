using System.Collections.Frozen;

namespace Basilisk.Wallet.Phrases;

/// <summary>The 2,048 English words of BIP-39, kept as the published file beside this class.</summary>
public static class WordList
{
    /// <summary>Words in the list: eleven bits each.</summary>
    public const int Count = 2048;

    private const string Resource = "Basilisk.Wallet.Phrases.english.txt";

    /// <summary>The words in their published order, which is alphabetical.</summary>
    public static IReadOnlyList<string> English { get; } = Load();

    private static readonly FrozenDictionary<string, int> Indexes =
        English.Select((word, index) => (word, index)).ToFrozenDictionary(pair => pair.word, pair => pair.index, StringComparer.Ordinal);

    /// <summary>The place of a word, from 0.</summary>
    public static bool TryFind(string word, out int index) => Indexes.TryGetValue(word, out index);

    /// <summary>The published file's bytes.</summary>
    public static Stream Open() => typeof(WordList).Assembly.GetManifestResourceStream(Resource)
        ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");

    private static string[] Load()
    {
        using var reader = new StreamReader(Open());
        string[] words = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == Count
            ? words
            : throw new InvalidOperationException($"The word list has {words.Length} words, not {Count}.");
    }
}
