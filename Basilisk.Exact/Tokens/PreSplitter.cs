namespace Basilisk.Exact.Tokens;

/// <summary>
/// Cuts a text into the pieces inside which merges happen. Every byte has one class:
/// <list type="bullet">
/// <item>letter: A–Z, a–z and every byte from 0x80 on, so that no UTF-8 sequence is ever cut;</item>
/// <item>digit: 0–9;</item>
/// <item>white space: 0x09–0x0D and 0x20;</item>
/// <item>other: the rest.</item>
/// </list>
/// Pieces, from left to right: a run of letters or a run of others, with one space before it where there is one;
/// one digit; a run of white space, less its last space where a run of letters or others follows that space.
/// Digits stand alone so that a small model can learn to calculate. The space before a word belongs to it, as in GPT-2.
/// </summary>
public static class PreSplitter
{
    /// <summary>The same rule as a regular expression over characters (Oniguruma and ECMAScript read it alike).</summary>
    public const string EquivalentRegex =
        @" ?(?:[A-Za-z]|[^\x00-\x7F])+" +
        @"| ?[\x00-\x08\x0E-\x1F!-/:-@\[-`{-\x7F]+" +
        @"|[0-9]" +
        @"|[\x09-\x0D ]+(?= [^\x09-\x0D 0-9])" +
        @"|[\x09-\x0D ]+";

    private enum ByteClass : byte
    {
        Letter,
        Digit,
        Space,
        Other,
    }

    private static readonly ByteClass[] Classes = Classify();

    /// <summary>Where the piece that starts at <paramref name="start"/> ends (exclusive).</summary>
    /// <param name="text">The whole text; <paramref name="start"/> is inside it and begins a piece.</param>
    /// <param name="start">First byte of the piece.</param>
    public static int PieceEnd(ReadOnlySpan<byte> text, int start)
    {
        ByteClass first = Classes[text[start]];
        if (first == ByteClass.Digit)
        {
            return start + 1;
        }

        int end = RunEnd(text, start, first);
        if (first != ByteClass.Space || end == text.Length || text[end - 1] != (byte)' ' || Classes[text[end]] == ByteClass.Digit)
        {
            return end;
        }

        // The run's last space belongs to the word that follows it.
        return end - 1 > start ? end - 1 : RunEnd(text, end, Classes[text[end]]);
    }

    private static int RunEnd(ReadOnlySpan<byte> text, int start, ByteClass kind)
    {
        int end = start + 1;
        while (end < text.Length && Classes[text[end]] == kind)
        {
            end++;
        }

        return end;
    }

    private static ByteClass[] Classify()
    {
        var classes = new ByteClass[256];
        for (int value = 0; value < classes.Length; value++)
        {
            classes[value] = value switch
            {
                >= 0x80 or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') => ByteClass.Letter,
                >= '0' and <= '9' => ByteClass.Digit,
                ' ' or (>= 0x09 and <= 0x0D) => ByteClass.Space,
                _ => ByteClass.Other,
            };
        }

        return classes;
    }
}
