using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Genesis;

/// <summary>What a network starts from: how text becomes tokens, the tokens, and the first weights.</summary>
/// <param name="Tokenizer">The table; its hash is a network parameter.</param>
/// <param name="Corpus">All tokens, the holdout at the end; its root is a network parameter.</param>
/// <param name="Checkpoint">The first weights, C_0.</param>
/// <param name="Seed">What they were drawn from.</param>
/// <param name="Text">What the corpus was made of.</param>
public sealed record GenesisArtefacts(
    TokenizerTable Tokenizer,
    TokenCorpus Corpus,
    Checkpoint Checkpoint,
    Hash256 Seed,
    TextStatistics Text)
{
    /// <summary>
    /// Bytes of text that a token of the holdout stands for on average (special tokens count as none). Loss in nats per token
    /// / ln 2 / this = bits per byte, the score that survives a change of tokenizer. Counted here, whoever gave table and tokens.
    /// </summary>
    public double HoldoutBytesPerToken => (double)CountBytes(Tokenizer, Corpus.Holdout.Span) / Math.Max(1, Corpus.Holdout.Length);

    private static long CountBytes(TokenizerTable tokenizer, ReadOnlySpan<ushort> tokens)
    {
        long bytes = 0;
        foreach (ushort token in tokens)
        {
            bytes += tokenizer.BytesOf(token).Length;
        }

        return bytes;
    }
}

/// <summary>Counts and name of the text that a corpus was made of.</summary>
/// <param name="Source">Where it came from, for people.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Bytes">UTF-8 bytes of all texts, without special tokens.</param>
/// <param name="Hash">SHA-256 of all documents as people read them, special tokens written out, in the source's order.</param>
public sealed record TextStatistics(string Source, int Documents, long Bytes, Hash256 Hash);
