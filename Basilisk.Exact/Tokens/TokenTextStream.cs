using System.Text;

namespace Basilisk.Exact.Tokens;

/// <summary>
/// Turns tokens into text one at a time, for a screen: a character whose bytes lie in several tokens appears
/// when its last byte has come, never in halves. One stream per answer; not for several threads.
/// </summary>
public sealed class TokenTextStream
{
    private readonly TokenizerTable _table;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public TokenTextStream(TokenizerTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        _table = table;
    }

    /// <summary>The characters that this token completes; often one word, sometimes nothing. Special tokens give nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    public string Feed(ushort token) => Convert(_table.BytesOf(token), flush: false);

    /// <summary>What an answer cut inside a character leaves: U+FFFD, or nothing. The stream is then as new.</summary>
    public string Finish() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        // A token of n bytes after at most 3 waiting ones completes no more than n + 3 UTF-16 units.
        Span<char> characters = stackalloc char[TokenizerTable.MaxTokenBytes + 4];
        int count = _decoder.GetChars(bytes, characters, flush);
        return new string(characters[..count]);
    }
}
