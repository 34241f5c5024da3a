using System.Text;
using Basilisk.Model.Corpora;
using Xunit;

namespace Basilisk.Model.Tests.Corpora;

public sealed class TextFolderCorpusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Files_of_all_kinds_are_read_in_the_order_of_their_paths()
    {
        _folder.Write("b.txt", "second");
        _folder.Write("a/z.MD", "# first");
        _folder.Write("c.jsonl", """
            {"text":"third"}

            {"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"a"}],"id":7}
            {"prompt":"p","completion":"c"}
            """);
        _folder.Write("ignored.pdf", "no");
        _folder.Write(".hidden/x.txt", "no");
        Assert.Equal(
            [
                "# first<|end|>", "second<|end|>", "third<|end|>",
                "<|system|>s<|end|><|user|>u<|end|><|assistant|>a<|end|>",
                "<|user|>p<|end|><|assistant|>c<|end|>",
            ],
            Read());
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_no_text()
    {
        _folder.Write("a.txt", [0xEF, 0xBB, 0xBF, .. "one\r\ntwo"u8]);
        _folder.Write("b.jsonl", [0xEF, 0xBB, 0xBF, .. "{\"text\":\"x\"}\r\n"u8]);
        Assert.Equal(["one\ntwo<|end|>", "x<|end|>"], Read());
    }

    [Fact]
    public void A_long_text_is_cut_at_blank_lines_and_nothing_is_lost()
    {
        string[] paragraphs = [.. Enumerable.Range(0, 200).Select(i => $"Paragraph {i}. " + new string('x', 300))];
        _folder.Write("book.txt", string.Join("\n\n", paragraphs));
        List<string> documents = Read();
        Assert.InRange(documents.Count, 10, 20);
        Assert.Equal(paragraphs, documents.SelectMany(document => document.Replace("<|end|>", "", StringComparison.Ordinal).Split("\n\n")));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        string missing = Path.Combine(_folder.Path, "nothing");
        var error = Assert.Throws<CorpusFolderMissingException>(() => Read(missing));
        Assert.Equal(missing, error.Folder);
    }

    [Fact]
    public void A_folder_without_text_is_named()
    {
        _folder.Write("a.pdf", "x");
        _folder.Write("b.txt", " \n");
        Assert.Equal(_folder.Path, Assert.Throws<CorpusFolderEmptyException>(() => Read()).Folder);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_named_with_file_and_offset()
    {
        string file = _folder.Write("a.txt", [.. Encoding.UTF8.GetBytes("é ok "), 0xE9, (byte)'x']);
        var error = Assert.Throws<CorpusFileNotUtf8Exception>(() => Read());
        Assert.Equal((file, 6), (error.File, error.Offset));
    }

    [Theory]
    [InlineData("{\"text\":\"a\"", "jsonl-not-json")]
    [InlineData("[1]", "jsonl-not-an-object")]
    [InlineData("{}", "jsonl-no-known-form")]
    [InlineData("{\"text\":\"a\",\"prompt\":\"b\"}", "jsonl-several-forms")]
    [InlineData("{\"text\":1}", "jsonl-not-a-string")]
    [InlineData("{\"prompt\":\"a\"}", "jsonl-not-a-string")]
    [InlineData("{\"prompt\":\"a\",\"completion\":null}", "jsonl-not-a-string")]
    [InlineData("{\"messages\":[]}", "jsonl-messages-not-a-list")]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}", "jsonl-message-incomplete")]
    [InlineData("{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "jsonl-role-unknown")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"system\",\"content\":\"x\"}]}", "jsonl-system-not-first")]
    [InlineData("{\"text\":\"\\ud800\"}", "jsonl-not-unicode")]
    public void A_malformed_line_is_named_with_file_line_and_reason(string line, string token)
    {
        string file = _folder.Write("a.jsonl", "{\"text\":\"fine\"}\n\n" + line + "\n");
        var error = Assert.Throws<CorpusLineMalformedException>(() => Read());
        Assert.Equal((file, 3, token), (error.File, error.Line, error.Refusal.Token));
        Assert.Contains("\"completion\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_lines_never_throw()
    {
        byte[][] seeds =
        [
            Encoding.UTF8.GetBytes("""{"text":"naïve \u00e9 \ud83d\ude00"}"""),
            Encoding.UTF8.GetBytes("""{"messages":[{"role":"user","content":"u"},{"role":"assistant","content":"a"}]}"""),
            Encoding.UTF8.GetBytes("""{"prompt":"p","completion":"c"}"""),
        ];
        var random = new Random(9);
        int read = 0;
        for (int round = 0; round < 10_000; round++)
        {
            byte[] line = (byte[])seeds[random.Next(seeds.Length)].Clone();
            for (int flips = random.Next(4); flips > 0; flips--)
            {
                line[random.Next(line.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}[]\",:\\ud8a0 "[random.Next(14)];
            }

            bool ok = JsonlDocument.TryRead(line.AsMemory(0, random.Next(5) == 0 ? random.Next(line.Length) : line.Length), out CorpusDocument? document, out JsonlRefusal? refusal);
            Assert.Equal(ok, document is not null);
            Assert.Equal(ok, refusal is null);
            read += ok ? 1 : 0;
        }

        Assert.InRange(read, 1000, 9000);
    }

    public void Dispose() => _folder.Dispose();

    private List<string> Read(string? folder = null) =>
        [.. new TextFolderCorpus(folder ?? _folder.Path).Read(CancellationToken.None).Select(document => document.ToString())];
}
