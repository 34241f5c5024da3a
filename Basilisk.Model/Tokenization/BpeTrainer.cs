using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Tokenization;

/// <summary>
/// Learns a tokenizer's merges: again and again the most frequent pair of neighbouring tokens becomes a token
/// (Sennrich et al., arXiv:1508.07909). Equal counts: the lower left token, then the lower right one. The result depends
/// on the pieces' counts alone, so on no thread, hash seed or order.
/// </summary>
public sealed class BpeTrainer
{
    /// <summary>Longest token learned, in bytes; longer ones are whole phrases that waste a place.</summary>
    public const int LongestToken = 24;

    /// <summary>A pair seen only once is not worth a token.</summary>
    private const int LeastCount = 2;

    private readonly PieceCounter _counter = new();

    /// <summary>Counts a text. Texts may come in any order.</summary>
    public void Add(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _counter.Add(text);
    }

    /// <summary>Learns merges up to a vocabulary's size, or fewer where the texts have no more pairs that occur twice.</summary>
    /// <param name="vocabularySize">Tokens in all, 260 or more.</param>
    /// <param name="cancellation">Stops between merges.</param>
    public TokenizerTable Train(int vocabularySize, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, SpecialTokens.FirstMerge);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabularySize, SpecialTokens.FirstMerge + TokenizerTable.MaxMerges);
        var pairs = new PairIndex(_counter.Counts);
        var tokens = new LearnedTokens(LongestToken);
        var merges = new List<TokenPair>();
        while (SpecialTokens.FirstMerge + merges.Count < vocabularySize && pairs.TryTakeMostFrequent(LeastCount, out TokenPair pair))
        {
            cancellation.ThrowIfCancellationRequested();
            if (tokens.TryAdd(pair))
            {
                pairs.Merge(pair, (ushort)(SpecialTokens.FirstMerge + merges.Count));
                merges.Add(pair);
            }
        }

        return TokenizerTable.Create(merges);
    }

    /// <summary>The bytes of the tokens so far; refuses a pair that is too long or already a token by another way.</summary>
    private sealed class LearnedTokens(int longest)
    {
        private readonly List<string> _bytes =
            [.. Enumerable.Range(0, SpecialTokens.FirstMerge).Select(token => token < SpecialTokens.ByteTokens ? ((char)token).ToString() : "")];

        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public bool TryAdd(TokenPair pair)
        {
            string joined = _bytes[pair.Left] + _bytes[pair.Right];
            if (joined.Length > longest || !_known.Add(joined))
            {
                return false;
            }

            _bytes.Add(joined);
            return true;
        }
    }
}
