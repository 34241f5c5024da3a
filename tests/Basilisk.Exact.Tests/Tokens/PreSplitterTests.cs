using System.Text;
using System.Text.RegularExpressions;
using Basilisk.Exact.Tokens;
using Xunit;

namespace Basilisk.Exact.Tests.Tokens;

public sealed class PreSplitterTests
{
    [Theory]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("What is 12+34?", "What| is| |1|2|+|3|4|?")]
    [InlineData("a  b", "a| | b")]
    [InlineData("a\n\n b", "a|\n\n| b")]
    [InlineData("a\nb", "a|\n|b")]
    [InlineData("  ", "  ")]
    [InlineData("x  1", "x|  |1")]
    [InlineData("don't", "don|'|t")]
    [InlineData("naïve café €5", "naïve| café| €|5")]
    [InlineData(" ...ok", " ...|ok")]
    public void Text_is_cut_as_the_rule_says(string text, string pieces) => Assert.Equal(pieces.Split('|'), Pieces(text));

    [Fact]
    public void The_regular_expression_cuts_at_the_same_places()
    {
        const string Alphabet = "ab Z09 \n\t\r .,<|>\u0001\u007f'é€😀 ";
        Rune[] runes = [.. Alphabet.EnumerateRunes()];
        var regex = new Regex(PreSplitter.EquivalentRegex, RegexOptions.CultureInvariant);
        var random = new Random(5);
        for (int round = 0; round < 5000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => runes[random.Next(runes.Length)].ToString()));
            Assert.Equal(regex.Matches(text).Select(match => match.Value), Pieces(text));
        }
    }

    private static List<string> Pieces(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var pieces = new List<string>();
        for (int start = 0; start < bytes.Length;)
        {
            int end = PreSplitter.PieceEnd(bytes, start);
            pieces.Add(Encoding.UTF8.GetString(bytes, start, end - start));
            start = end;
        }

        return pieces;
    }
}
