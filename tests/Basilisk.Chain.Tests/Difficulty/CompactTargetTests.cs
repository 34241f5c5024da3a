using Basilisk.Chain.Difficulty;
using Basilisk.Chain.Primitives;
using Xunit;

namespace Basilisk.Chain.Tests.Difficulty;

public sealed class CompactTargetTests
{
    [Theory]
    [InlineData(0x1D00_FFFFu, "0xffff0000000000000000000000000000000000000000000000000000")]
    [InlineData(0x207F_FFFFu, "0x7fffff0000000000000000000000000000000000000000000000000000000000")]
    [InlineData(0x0101_0000u, "0x1")]
    [InlineData(0x0300_8000u, "0x8000")]
    [InlineData(0x2100_FFFFu, "0xffff000000000000000000000000000000000000000000000000000000000000")]
    public void Canonical_forms_decode_and_encode_again(uint bits, string target)
    {
        Assert.True(UInt256.TryParseHex(target, out UInt256 expected));
        Assert.True(new CompactTarget(bits).TryDecode(out UInt256 decoded));
        Assert.Equal(expected, decoded);
        Assert.Equal(new CompactTarget(bits), CompactTarget.FromTarget(decoded));
    }

    [Theory]
    [InlineData(0u)] // zero
    [InlineData(0x1D80_FFFFu)] // sign bit
    [InlineData(0x1D00_0000u)] // no mantissa
    [InlineData(0x0100_0001u)] // shifted out to nothing
    [InlineData(0x0101_0001u)] // bits below the number
    [InlineData(0x1E00_00FFu)] // a shorter length would do
    [InlineData(0x2101_0000u)] // 2^256
    [InlineData(0x227F_FFFFu)] // far above
    [InlineData(0xFF7F_FFFFu)]
    public void Other_forms_are_refused(uint bits) => Assert.False(new CompactTarget(bits).TryDecode(out _));

    [Fact]
    public void Every_target_becomes_the_largest_form_not_above_it()
    {
        for (int shift = 0; shift < 255; shift++)
        {
            UInt256 target = ((UInt256)0xABCDEF12345UL << shift) | UInt256.One;
            if (target >> shift != (UInt256)0xABCDEF12345UL)
            {
                break;
            }

            Assert.True(CompactTarget.FromTarget(target).TryDecode(out UInt256 decoded));
            Assert.True(decoded <= target);
            Assert.True(target - decoded < target >> 14);
        }
    }
}
