using System.Text;
using Basilisk.Exact.Tokens;

namespace Basilisk.Exact.Tests.Tokens;

/// <summary>Small tables for tests, and a plain encoder that follows the definition word by word.</summary>
internal static class SampleTables
{
    /// <summary>th, the, " t", " the", he (never reached before th), aa, aaaa, and the two bytes of é.</summary>
    public static TokenizerTable English { get; } = TokenizerTable.Create(
    [
        new('t', 'h'), new(260, 'e'), new(' ', 't'), new(' ', 261), new('h', 'e'), new('a', 'a'), new(265, 265),
        new(0xC3, 0xA9), new('!', '!'), new(' ', '!'), new('\n', '\n'), new(' ', 260),
    ]);

    /// <summary>Encodes by the definition: all pieces apart, each time the lowest merge that applies, leftmost.</summary>
    public static ushort[] EncodePlainly(TokenizerTable table, byte[] text)
    {
        var all = new List<ushort>();
        for (int start = 0; start < text.Length;)
        {
            int end = PreSplitter.PieceEnd(text, start);
            all.AddRange(MergePlainly(table, text[start..end]));
            start = end;
        }

        return [.. all];
    }

    private static List<ushort> MergePlainly(TokenizerTable table, byte[] piece)
    {
        List<ushort> tokens = [.. piece.Select(b => (ushort)b)];
        for (int merge = 0; merge < table.Merges.Length; merge++)
        {
            TokenPair pair = table.Merges[merge];
            for (int i = 0; i + 1 < tokens.Count; i++)
            {
                if (tokens[i] == pair.Left && tokens[i + 1] == pair.Right)
                {
                    tokens[i] = (ushort)(SpecialTokens.FirstMerge + merge);
                    tokens.RemoveAt(i + 1);
                }
            }
        }

        return tokens;
    }

    /// <summary>Random text over an alphabet that makes merges, runs and broken UTF-8 likely.</summary>
    public static byte[] RandomText(Random random, int length)
    {
        byte[] alphabet = [.. Encoding.UTF8.GetBytes("aaaththe the 12 !!\n\t <|end|>é"), 0xFF, 0x80, 0];
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++)
        {
            text[i] = random.Next(10) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
        }

        return text;
    }
}
