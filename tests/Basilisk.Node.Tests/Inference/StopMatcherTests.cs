using Basilisk.Node.Inference;
using Xunit;

namespace Basilisk.Node.Tests.Inference;

public sealed class StopMatcherTests
{
    [Fact]
    public void Text_that_may_begin_a_stop_string_waits_until_it_is_certain()
    {
        var matcher = new StopMatcher(["END"]);
        Assert.Equal("a", matcher.Feed("aE"));
        Assert.Equal("", matcher.Feed("N"));
        Assert.Equal("ENx", matcher.Feed("x"));
        Assert.False(matcher.Stopped);
        Assert.Equal("", matcher.Feed("EN"));
        Assert.Equal("", matcher.Feed("D and more"));
        Assert.True(matcher.Stopped);
        Assert.Equal("", matcher.Feed("later"));
    }

    [Fact]
    public void The_earliest_of_several_stop_strings_ends_the_text()
    {
        var matcher = new StopMatcher(["\n\n", "!"]);
        Assert.Equal("one", matcher.Feed("one! two\n\n"));
        Assert.True(matcher.Stopped);
    }

    [Fact]
    public void What_waits_at_the_end_is_given_out()
    {
        var matcher = new StopMatcher(["stop"]);
        Assert.Equal("non", matcher.Feed("nonsto"));
        Assert.Equal("sto", matcher.Finish());
    }

    [Fact]
    public void However_a_text_is_cut_into_pieces_the_same_comes_through()
    {
        const string Text = "abababac abab abac x";
        string[] stops = ["abac x", "zz"];
        string expected = Text[..Text.IndexOf("abac x", StringComparison.Ordinal)];
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var matcher = new StopMatcher(stops);
            var through = new System.Text.StringBuilder();
            for (int at = 0; at < Text.Length;)
            {
                int length = Math.Min(random.Next(1, 6), Text.Length - at);
                through.Append(matcher.Feed(Text.Substring(at, length)));
                at += length;
            }

            Assert.True(matcher.Stopped);
            Assert.Equal(expected, through.ToString());
        }
    }
}
