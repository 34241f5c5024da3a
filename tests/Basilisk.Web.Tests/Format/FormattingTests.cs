using Basilisk.Web.Charts;
using Basilisk.Web.Configuration;
using Basilisk.Web.Formatting;
using Basilisk.Web.Search;
using Xunit;

namespace Basilisk.Web.Tests.Format;

public sealed class FormattingTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("25000000000000000000", "25")]
    [InlineData("1234567890000000000000000", "1,234,567.89")]
    [InlineData("1999999999999999999", "1.9999")]
    [InlineData("1", "<0.0001")]
    [InlineData("-1500000000000000000", "−1.5")]
    [InlineData("not a number", "not a number")]
    public void Wei_are_shown_as_bsk_and_never_rounded_up(string wei, string shown) => Assert.Equal(shown, Amounts.Bsk(wei));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999.4, "999")]
    [InlineData(999.6, "1.00 k")]
    [InlineData(36_400, "36.4 k")]
    [InlineData(3_145_728, "3.15 M")]
    [InlineData(double.NaN, "–")]
    public void Rates_have_three_digits_and_a_scale(double value, string shown) => Assert.Equal(shown, Numbers.Scaled(value));

    [Theory]
    [InlineData(0.4, "just now")]
    [InlineData(59.9, "59 s ago")]
    [InlineData(61, "1 min ago")]
    [InlineData(7500, "2 h 5 min ago")]
    [InlineData(200_000, "2 d ago")]
    public void Ages_are_in_one_unit(double seconds, string shown) =>
        Assert.Equal(shown, Times.Ago(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(seconds)));

    [Theory]
    [InlineData("123", "/blocks/123")]
    [InlineData(" 1,234 ", "/blocks/1234")]
    [InlineData("#9", "/blocks/9")]
    [InlineData("round 7", "/rounds/7")]
    [InlineData("R7", "/rounds/7")]
    [InlineData("0x9858EfFD232B4033E47d90003D41EC34EcaEda94", "/addresses/0x9858EfFD232B4033E47d90003D41EC34EcaEda94")]
    [InlineData("9858EfFD232B4033E47d90003D41EC34EcaEda94", "/addresses/0x9858EfFD232B4033E47d90003D41EC34EcaEda94")]
    public void A_search_text_is_known_by_its_shape(string text, string page) => Assert.Equal(page, SearchText.Classify(text)[0].Href);

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("12,34")]
    [InlineData("0xb35a184aeedd362f1a0b41242f6ed80699dcb5e14d22bd15c336e2a8dddbeb2e")]
    [InlineData("99999999999999999999999999")]
    public void Other_texts_are_for_the_node(string text) => Assert.Empty(SearchText.Classify(text));

    [Fact]
    public void Axis_ticks_are_round_numbers_between_the_ends()
    {
        var scale = ChartScale.Over([2.54, 6.91], 5);
        Assert.Equal([3, 4, 5, 6], scale.Ticks);
        Assert.Equal("#,0", scale.TickFormat);
        var around = ChartScale.Over([-0.1, 0.8], 5);
        Assert.Contains(around.Ticks, tick => tick == 0 && !double.IsNegative(tick));
    }

    [Fact]
    public void Thinning_keeps_every_spike_and_both_ends()
    {
        var points = Enumerable.Range(0, 20_000).Select(i => new ChartPoint(i, i == 7_777 ? 100 : Math.Sin(i / 50.0))).ToList();
        var thinned = Smoothing.Thin(points, ChartModel.MostPoints);
        Assert.InRange(thinned.Count, 400, ChartModel.MostPoints);
        Assert.Contains(new ChartPoint(7_777, 100), thinned);
        Assert.Equal(points[0], thinned[0]);
        Assert.Equal(points[^1], thinned[^1]);
        Assert.Equal(thinned.OrderBy(point => point.X), thinned);
    }

    [Fact]
    public void Smoothing_has_no_bias_at_its_start_and_leaves_a_flat_line_flat()
    {
        ChartPoint[] flat = [new(0, 5), new(1, 5), new(2, 5)];
        Assert.All(Smoothing.Exponential(flat, 0.9), point => Assert.Equal(5, point.Y, 12));
    }

    [Fact]
    public void Wrong_settings_name_key_value_and_bound()
    {
        var result = new PortalOptionsValidator().Validate(null, new PortalOptions { NodeUrl = "nowhere", ReconnectSeconds = 30 });
        Assert.Equal(
            [
                "Portal:NodeUrl is 'nowhere'; it must be an absolute http or https address such as http://127.0.0.1:8545.",
                "Portal:ReconnectSeconds is 30; it must lie between 0.1 and 2.",
            ],
            result.Failures);
    }

    [Fact]
    public void Unknown_options_are_noticed_and_configuration_keys_are_not_unknown()
    {
        Assert.Equal("--nod", CommandLine.FirstUnknown(["--nod", "http://x"]));
        Assert.Null(CommandLine.FirstUnknown(["--node", "http://x", "--urls=http://y", "--Portal:RequestTimeoutSeconds", "9"]));
    }
}
