using System.Text;
using Basilisk.Exact.Tokens;
using Xunit;

namespace Basilisk.Exact.Tests.Tokens;

public sealed class TokenTextStreamTests
{
    private static readonly TokenizerTable Table = SampleTables.English;

    [Fact]
    public void A_character_appears_when_its_last_byte_has_come()
    {
        var stream = new TokenTextStream(Table);
        byte[] face = Encoding.UTF8.GetBytes("😀");
        Assert.Equal(["", "", "", "😀"], face.Select(value => stream.Feed(value)));
        Assert.Equal("é", stream.Feed(267));
        Assert.Equal("", stream.Finish());
    }

    [Fact]
    public void An_answer_cut_inside_a_character_ends_with_the_replacement_character()
    {
        var stream = new TokenTextStream(Table);
        Assert.Equal("", stream.Feed(0xE2));
        Assert.Equal("", stream.Feed(0x82));
        Assert.Equal("\uFFFD", stream.Finish());
        Assert.Equal(" the", stream.Feed(263));
    }

    [Fact]
    public void Special_tokens_are_silent() => Assert.Equal("", new TokenTextStream(Table).Feed(SpecialTokens.End));

    [Fact]
    public void Pieces_joined_are_the_text_and_no_piece_has_half_a_character()
    {
        var random = new Random(6);
        for (int round = 0; round < 1000; round++)
        {
            byte[] text = SampleTables.RandomText(random, random.Next(200));
            var stream = new TokenTextStream(Table);
            var all = new StringBuilder();
            foreach (ushort token in Table.Encode(text))
            {
                string piece = stream.Feed(token);
                Assert.False(piece.Length > 0 && char.IsHighSurrogate(piece[^1]));
                all.Append(piece);
            }

            all.Append(stream.Finish());
            Assert.Equal(Encoding.UTF8.GetString(text), all.ToString());
        }
    }
}
