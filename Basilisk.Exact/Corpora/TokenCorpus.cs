using Basilisk.Exact.Hashing;

namespace Basilisk.Exact.Corpora;

/// <summary>
/// A network's text as one flat list of tokens: first the training part, then the holdout, a fixed share at the end that no
/// one trains on. Immutable; named by the Merkle root of its canonical bytes (<see cref="CorpusCodec"/>).
/// </summary>
public sealed class TokenCorpus
{
    /// <summary>The holdout's share is counted in thousandths.</summary>
    public const int ShareDenominator = 1000;

    private readonly ushort[] _tokens;
    private readonly Lazy<Hash256> _root;

    /// <param name="vocabulary">Number of tokens that exist, V ≤ 65,536.</param>
    /// <param name="tokens">All tokens, each below V; the array belongs to the corpus from here on.</param>
    /// <param name="holdoutPermille">Share of the holdout in thousandths, 0 to 999; its tokens are ⌊count · share / 1000⌋.</param>
    /// <exception cref="ArgumentException">A token is not below V, or a number is outside its range.</exception>
    public TokenCorpus(int vocabulary, ushort[] tokens, int holdoutPermille)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabulary, ushort.MaxValue + 1);
        ArgumentOutOfRangeException.ThrowIfNegative(holdoutPermille);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(holdoutPermille, ShareDenominator);
        int bad = FirstAtOrAbove(tokens, vocabulary);
        if (bad >= 0)
        {
            throw new ArgumentException($"Token {tokens[bad]} at {bad} is not below the vocabulary of {vocabulary}.", nameof(tokens));
        }

        Vocabulary = vocabulary;
        HoldoutPermille = holdoutPermille;
        _tokens = tokens;
        TrainingLength = tokens.Length - (int)((long)tokens.Length * holdoutPermille / ShareDenominator);
        _root = new Lazy<Hash256>(() => CorpusCodec.Tree(this).Root);
    }

    public int Vocabulary { get; }

    public int HoldoutPermille { get; }

    public int Count => _tokens.Length;

    public int TrainingLength { get; }

    public ReadOnlyMemory<ushort> Tokens => _tokens;

    public ReadOnlyMemory<ushort> Training => _tokens.AsMemory(0, TrainingLength);

    public ReadOnlyMemory<ushort> Holdout => _tokens.AsMemory(TrainingLength);

    /// <summary>The Merkle root of the canonical bytes, computed on first use.</summary>
    public Hash256 Root => _root.Value;

    /// <summary>Place of the first token that is not below the vocabulary, or −1.</summary>
    internal static int FirstAtOrAbove(ReadOnlySpan<ushort> tokens, int vocabulary) =>
        vocabulary > ushort.MaxValue ? -1 : tokens.IndexOfAnyInRange((ushort)vocabulary, ushort.MaxValue);
}
