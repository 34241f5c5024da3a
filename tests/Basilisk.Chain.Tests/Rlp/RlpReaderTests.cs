using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Xunit;

namespace Basilisk.Chain.Tests.Rlp;

public sealed class RlpReaderTests
{
    private delegate void Reading(ref RlpReader reader);

    [Theory]
    [InlineData("", RlpToken.Truncated)]
    [InlineData("83646f", RlpToken.Truncated)]
    [InlineData("8100", RlpToken.ByteNotMinimal)]
    [InlineData("817f", RlpToken.ByteNotMinimal)]
    [InlineData("b800", RlpToken.LengthLeadingZero)]
    [InlineData("b90038", RlpToken.LengthLeadingZero)]
    [InlineData("b837", RlpToken.LengthNotMinimal)]
    [InlineData("bfffffffffffffffff", RlpToken.Truncated)]
    [InlineData("b9", RlpToken.Truncated)]
    [InlineData("c0", RlpToken.BytesExpected)]
    public void Bytes_are_refused_with_the_token(string hex, string token) =>
        Refused(hex, token, (ref RlpReader reader) => reader.ReadBytes());

    [Theory]
    [InlineData("00", RlpToken.IntegerLeadingZero)]
    [InlineData("820001", RlpToken.IntegerLeadingZero)]
    [InlineData("89010000000000000000", RlpToken.IntegerTooLarge)]
    public void Integers_are_canonical(string hex, string token) =>
        Refused(hex, token, (ref RlpReader reader) => reader.ReadUInt64());

    [Fact]
    public void Fields_of_another_length_are_refused()
    {
        Refused("83646f67", RlpToken.WrongLength, (ref RlpReader reader) => reader.ReadHash());
        Refused("83646f67", RlpToken.WrongLength, (ref RlpReader reader) => reader.ReadAddress());
        Refusal refusal = Refused("83646f67", RlpToken.TooLong, (ref RlpReader reader) => reader.ReadBytes(cap: 2));
        Assert.Equal((3L, 2L), (refusal.Seen, refusal.Allowed));
    }

    [Fact]
    public void Lists_hold_exactly_the_items_that_are_read()
    {
        Refused("c10101", RlpToken.TrailingBytes, (ref RlpReader reader) =>
        {
            reader.EnterList();
            reader.ReadUInt64();
            reader.LeaveList();
        });
        Refused("c20101", RlpToken.ListTooLong, (ref RlpReader reader) =>
        {
            reader.EnterList();
            reader.ReadUInt64();
            reader.LeaveList();
        });
        Refused("c101", RlpToken.ListTooShort, (ref RlpReader reader) =>
        {
            reader.EnterList();
            reader.ReadUInt64();
            reader.ReadUInt64();
        });
        Refused("01", RlpToken.ListExpected, (ref RlpReader reader) => reader.EnterList());
    }

    [Fact]
    public void An_item_may_not_run_past_its_list() => Refused("c28261ff", RlpToken.Truncated, (ref RlpReader reader) =>
    {
        reader.EnterList();
        reader.ReadBytes();
    });

    [Fact]
    public void Nesting_has_a_floor()
    {
        var writer = new RlpWriter();
        for (int i = 0; i <= RlpReader.MaximumDepth; i++)
        {
            writer.BeginList();
        }

        for (int i = 0; i <= RlpReader.MaximumDepth; i++)
        {
            writer.EndList();
        }

        Assert.Equal(RlpToken.TooDeep, RlpWalk.Whole(writer.ToArray())!.Token);
    }

    [Fact]
    public void Counting_looks_ahead_without_moving_and_keeps_its_cap()
    {
        byte[] bytes = new RlpWriter().BeginList().Write(1UL).Write(2UL).Write(3UL).EndList().ToArray();
        var reader = new RlpReader(bytes);
        reader.EnterList();
        Assert.Equal(3, reader.CountItems(cap: 3));
        Assert.Equal(1UL, reader.ReadUInt64());
        reader.CountItems(cap: 1);
        Assert.Equal(RlpToken.ListTooLong, reader.Refusal!.Token);
    }

    [Fact]
    public void The_first_refusal_stays()
    {
        var reader = new RlpReader([0x81, 0x00]);
        reader.ReadBytes();
        reader.EnterList();
        Assert.Equal(0UL, reader.ReadUInt64());
        Assert.False(reader.HasMore);
        Assert.Equal(RlpToken.ByteNotMinimal, reader.Refusal!.Token);
    }

    [Fact]
    public void Whatever_is_accepted_is_the_only_encoding()
    {
        var random = new Random(5);
        var buffer = new byte[64];
        int accepted = 0;
        for (int i = 0; i < 300_000; i++)
        {
            Span<byte> bytes = buffer.AsSpan(0, random.Next(0, 24));
            random.NextBytes(bytes);
            if (bytes.Length > 0 && random.Next(2) == 0)
            {
                bytes[0] = (byte)(0xC0 + bytes.Length - 1); // a list of the right length, so that deeper rules are reached
            }

            if (RlpWalk.Copy(bytes) is { } copy)
            {
                Assert.True(bytes.SequenceEqual(copy));
                accepted++;
            }
            else
            {
                Assert.Equal(RefusalKind.Malformed, RlpWalk.Whole(bytes)!.Kind);
            }
        }

        Assert.InRange(accepted, 1_000, 299_000);
    }

    private static Refusal Refused(string hex, string token, Reading reading)
    {
        var reader = new RlpReader(Convert.FromHexString(hex));
        reading(ref reader);
        reader.End();
        Assert.NotNull(reader.Refusal);
        Assert.Equal(token, reader.Refusal.Token);
        return reader.Refusal;
    }
}
