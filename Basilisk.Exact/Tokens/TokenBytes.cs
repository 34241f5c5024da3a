namespace Basilisk.Exact.Tokens;

/// <summary>
/// The bytes of every token, end to end in one array. Building it checks the merges: each joins two earlier,
/// ordinary tokens, none is too long, and no two tokens stand for the same bytes (an exported vocabulary is keyed by them).
/// </summary>
internal sealed class TokenBytes
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    private TokenBytes(byte[] bytes, int[] starts)
    {
        _bytes = bytes;
        _starts = starts;
    }

    public ReadOnlySpan<byte> this[int token] => _bytes.AsSpan(_starts[token], _starts[token + 1] - _starts[token]);

    public static TokenizerRefusal TryBuild(ReadOnlySpan<TokenPair> merges, out TokenBytes? result)
    {
        result = null;
        int[] starts = new int[SpecialTokens.FirstMerge + merges.Length + 1];
        TokenizerRefusal refusal = Measure(merges, starts);
        if (refusal.Kind != TokenizerRefusalKind.None)
        {
            return refusal;
        }

        var built = new TokenBytes(new byte[starts[^1]], starts);
        for (int value = 0; value < SpecialTokens.ByteTokens; value++)
        {
            built._bytes[value] = (byte)value;
        }

        var seen = new HashSet<string>(merges.Length, StringComparer.Ordinal);
        for (int i = 0; i < merges.Length; i++)
        {
            int token = SpecialTokens.FirstMerge + i;
            Span<byte> destination = built._bytes.AsSpan(starts[token], starts[token + 1] - starts[token]);
            ReadOnlySpan<byte> left = built[merges[i].Left];
            left.CopyTo(destination);
            built[merges[i].Right].CopyTo(destination[left.Length..]);
            if (!seen.Add(System.Text.Encoding.Latin1.GetString(destination)))
            {
                return new TokenizerRefusal(TokenizerRefusalKind.DuplicateToken, token, 0, i);
            }
        }

        result = built;
        return default;
    }

    private static TokenizerRefusal Measure(ReadOnlySpan<TokenPair> merges, int[] starts)
    {
        for (int token = 0; token < SpecialTokens.FirstMerge; token++)
        {
            starts[token + 1] = starts[token] + (token < SpecialTokens.ByteTokens ? 1 : 0);
        }

        for (int i = 0; i < merges.Length; i++)
        {
            int token = SpecialTokens.FirstMerge + i;
            (ushort left, ushort right) = merges[i];
            int highest = Math.Max(left, right);
            if (highest >= token)
            {
                return new TokenizerRefusal(TokenizerRefusalKind.MergeFromLaterToken, highest, token - 1, i);
            }

            if (SpecialTokens.IsSpecial(left) || SpecialTokens.IsSpecial(right))
            {
                return new TokenizerRefusal(TokenizerRefusalKind.MergeOfSpecialToken, SpecialTokens.IsSpecial(left) ? left : right, SpecialTokens.ByteTokens - 1, i);
            }

            int length = starts[left + 1] - starts[left] + starts[right + 1] - starts[right];
            if (length > TokenizerTable.MaxTokenBytes)
            {
                return new TokenizerRefusal(TokenizerRefusalKind.TokenTooLong, length, TokenizerTable.MaxTokenBytes, i);
            }

            starts[token + 1] = starts[token] + length;
        }

        return default;
    }
}
