using Basilisk.Web.Chat;
using Xunit;

namespace Basilisk.Web.Tests.Chat;

public sealed class AnswerMarkdownTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "<script")]
    [InlineData("hello <img src=x onerror=alert(1)>", "<img")]
    [InlineData("<div onclick=\"x()\">\n\nhi\n\n</div>", "<div")]
    [InlineData("![picture](http://example.org/a.png)", "<img")]
    [InlineData("[click](javascript:alert(1))", "javascript:")]
    [InlineData("[click](data:text/html,hi)", "data:")]
    [InlineData("<javascript:alert(1)>", "href=\"javascript:")]
    [InlineData("[a]: javascript:alert(1)\n\n[a]", "javascript:")]
    public void What_a_model_writes_never_becomes_live_html(string text, string forbidden) =>
        Assert.DoesNotContain(forbidden, AnswerMarkdown.Render(text).Value, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Html_is_shown_as_text() =>
        Assert.Equal("<p>&lt;b&gt;bold&lt;/b&gt;</p>\n", AnswerMarkdown.Render("<b>bold</b>").Value);

    [Fact]
    public void Markdown_is_formatted() =>
        Assert.Equal("<ul>\n<li><strong>one</strong></li>\n<li><code>two</code></li>\n</ul>\n", AnswerMarkdown.Render("- **one**\n- `two`").Value);

    [Fact]
    public void Web_links_stay_and_tell_the_other_site_nothing() =>
        Assert.Equal(
            "<p><a href=\"https://example.org/a\" rel=\"noopener noreferrer nofollow\">x</a></p>\n", AnswerMarkdown.Render("[x](https://example.org/a)").Value);
}
