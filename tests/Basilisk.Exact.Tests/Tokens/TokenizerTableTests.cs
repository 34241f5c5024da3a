using System.Buffers.Binary;
using System.Text;
using Basilisk.Exact.Tokens;
using Xunit;

namespace Basilisk.Exact.Tests.Tokens;

public sealed class TokenizerTableTests
{
    private static readonly TokenizerTable Table = SampleTables.English;

    [Fact]
    public void The_earliest_merge_wins_and_repeats()
    {
        Assert.Equal([261], Table.Encode("the"));
        Assert.Equal([261, 263], Table.Encode("the the"));
        Assert.Equal([266, 265, 'a'], Table.Encode("aaaaaaa"));
        Assert.Equal(['w', 264], Table.Encode("whe"));
    }

    [Fact]
    public void Digits_stand_alone_and_merges_do_not_cross_pieces()
    {
        Assert.Equal(['1', '2', ' ', '+', ' ', '3'], Table.Encode("12 + 3"));
        Assert.Equal([263, '!'], Table.Encode(" the!"));
    }

    [Fact]
    public void Decoding_gives_back_any_bytes()
    {
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] text = SampleTables.RandomText(random, random.Next(300));
            Assert.Equal(text, Table.Decode(Table.Encode(text)));
        }
    }

    [Fact]
    public void Encoding_is_what_the_definition_says()
    {
        var random = new Random(2);
        for (int round = 0; round < 1000; round++)
        {
            byte[] text = SampleTables.RandomText(random, random.Next(300));
            Assert.Equal(SampleTables.EncodePlainly(Table, text), Table.Encode(text));
        }
    }

    [Fact]
    public void Long_pieces_take_the_queue_and_give_the_same_tokens()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            byte[] text = new byte[random.Next(97, 600)];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (byte)"aathe"[random.Next(5)];
            }

            Assert.Equal(SampleTables.EncodePlainly(Table, text), Table.Encode(text));
        }
    }

    [Fact]
    public void A_million_letters_without_a_space_encode()
    {
        byte[] text = Encoding.ASCII.GetBytes(new string('a', 1_000_001));
        ushort[] tokens = Table.Encode(text);
        Assert.Equal(250_001, tokens.Length);
        Assert.Equal(text, Table.Decode(tokens));
    }

    [Fact]
    public void Typed_special_tokens_stay_text()
    {
        foreach (string text in (string[])["<|end|>", "<|user|>", "a<|assistant|>b", "<|system|>"])
        {
            ushort[] tokens = Table.Encode(text);
            Assert.DoesNotContain(tokens, SpecialTokens.IsSpecial);
            Assert.Equal(text, Table.DecodeText(tokens));
        }
    }

    [Fact]
    public void A_chat_frames_each_turn_and_may_open_the_answer()
    {
        ChatMessage[] messages = [new(ChatRole.System, "a"), new(ChatRole.User, "<|end|>"), new(ChatRole.Assistant, "b")];
        ushort[] tokens = Table.EncodeChat(messages, openAnswer: true);
        Assert.Equal(
            [SpecialTokens.System, 'a', SpecialTokens.End, SpecialTokens.User, .. Table.Encode("<|end|>"), SpecialTokens.End, SpecialTokens.Assistant, 'b', SpecialTokens.End, SpecialTokens.Assistant],
            tokens);
        Assert.Equal(3, tokens.Count(token => token == SpecialTokens.End));
    }

    [Fact]
    public void Canonical_bytes_read_back_to_the_same_hash()
    {
        Assert.True(TokenizerTable.TryDecode(Table.ToBytes(), out TokenizerTable? back, out TokenizerRefusal refusal), refusal.ToString());
        Assert.Equal(Table.Hash, back.Hash);
        Assert.Equal(Table.ToBytes(), back.ToBytes());
        Assert.Equal(272, back.VocabularySize);
    }

    [Fact]
    public void The_empty_table_has_its_known_hash()
    {
        // sha256 of 42534b56 01000000 00000000, computed with coreutils.
        Assert.Equal("0x185c6dd752bfecef1613488912641ec18e3978b8c6562e54420c8e8c4519ded6", TokenizerTable.Create([]).Hash.ToString());
    }

    [Theory]
    [InlineData("", "tokenizer-too-short", 0, 12)]
    [InlineData("42534b5601000000000000", "tokenizer-too-short", 11, 12)]
    [InlineData("42534b5401000000" + "00000000", "tokenizer-unknown-magic", 0x544B5342, 0x564B5342)]
    [InlineData("42534b5602000000" + "00000000", "tokenizer-unknown-version", 2, 1)]
    [InlineData("42534b5601000100" + "00000000", "tokenizer-unknown-version", 65537, 1)]
    [InlineData("42534b5601000000" + "ffffffff", "tokenizer-too-many-merges", 4294967295, 65276)]
    [InlineData("42534b5601000000" + "fdfe0000", "tokenizer-too-many-merges", 65277, 65276)]
    [InlineData("42534b5601000000" + "01000000", "tokenizer-length-mismatch", 12, 16)]
    [InlineData("42534b5601000000" + "00000000" + "00", "tokenizer-length-mismatch", 13, 12)]
    [InlineData("42534b5601000000" + "01000000" + "61000401", "tokenizer-merge-from-later-token", 260, 259)]
    [InlineData("42534b5601000000" + "01000000" + "61000001", "tokenizer-merge-of-special-token", 256, 255)]
    [InlineData("42534b5601000000" + "01000000" + "03016100", "tokenizer-merge-of-special-token", 259, 255)]
    [InlineData("42534b5601000000" + "02000000" + "61006200" + "61006200", "tokenizer-duplicate-token", 261, 0)]
    public void Other_bytes_are_refused_by_name(string hex, string token, long seen, long allowed)
    {
        Assert.False(TokenizerTable.TryDecode(Convert.FromHexString(hex), out TokenizerTable? table, out TokenizerRefusal refusal));
        Assert.Null(table);
        Assert.Equal((token, seen, allowed), (refusal.Token, refusal.Seen, refusal.Allowed));
    }

    [Fact]
    public void Different_pairs_for_the_same_bytes_are_refused()
    {
        TokenPair[] merges = [new('a', 'b'), new('b', 'c'), new(260, 'c'), new('a', 261)];
        Assert.Equal("tokenizer-duplicate-token", Refusal(merges).Token);
        Assert.Equal(3, Refusal(merges).Merge);
    }

    [Fact]
    public void Doubling_merges_stop_at_the_longest_token()
    {
        List<TokenPair> merges = [new('a', 'a')];
        for (ushort token = 260; merges.Count < 7; token++)
        {
            merges.Add(new(token, token));
        }

        Assert.Equal(128, TokenizerTable.Create(merges).BytesOf(266).Length);
        merges.Add(new(266, 266));
        TokenizerRefusal refusal = Refusal([.. merges]);
        Assert.Equal(("tokenizer-token-too-long", 256L, 128L, 7), (refusal.Token, refusal.Seen, refusal.Allowed, refusal.Merge));
        Assert.Throws<ArgumentException>(() => TokenizerTable.Create(merges));
    }

    [Fact]
    public void Mutated_tables_never_throw_and_accepted_ones_are_canonical()
    {
        var random = new Random(4);
        byte[] original = Table.ToBytes();
        int accepted = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = Mutate(random, original);
            if (TokenizerTable.TryDecode(bytes, out TokenizerTable? table, out TokenizerRefusal refusal))
            {
                accepted++;
                Assert.Equal(bytes, table.ToBytes());
                byte[] text = SampleTables.RandomText(random, 40);
                Assert.Equal(text, table.Decode(table.Encode(text)));
            }
            else
            {
                Assert.NotEqual(TokenizerRefusalKind.None, refusal.Kind);
            }
        }

        Assert.InRange(accepted, 100, 19_900);
    }

    [Fact]
    public void Tokens_outside_the_vocabulary_are_a_callers_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Table.Decode([272]));
        Assert.Throws<ArgumentException>(() => Table.Encode("abc"u8, new ushort[2]));
    }

    private static TokenizerRefusal Refusal(TokenPair[] merges)
    {
        byte[] bytes = new byte[12 + (4 * merges.Length)];
        Convert.FromHexString("42534b5601000000").CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), merges.Length);
        for (int i = 0; i < merges.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12 + (4 * i)), merges[i].Left);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(14 + (4 * i)), merges[i].Right);
        }

        Assert.False(TokenizerTable.TryDecode(bytes, out _, out TokenizerRefusal refusal));
        return refusal;
    }

    private static byte[] Mutate(Random random, byte[] original)
    {
        byte[] bytes = (byte[])original.Clone();
        for (int flips = random.Next(3); flips >= 0; flips--)
        {
            bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : random.Next(4));
        }

        return random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
