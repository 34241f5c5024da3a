using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora.Default;
using Basilisk.Model.Tokenization;
using Xunit;

namespace Basilisk.Model.Tests.Tokenization;

/// <summary>Our table against Hugging Face's own two implementations (Rust through its Node binding, and JavaScript).</summary>
public sealed class HuggingFaceTokenizerJsonTests
{
    private static readonly Lazy<TokenizerTable> Trained = new(() =>
    {
        var trainer = new BpeTrainer();
        foreach (string text in new DefaultCorpus().Read(CancellationToken.None).Take(4000).SelectMany(document => document.Texts))
        {
            trainer.Add(text);
        }

        trainer.Add("naïve café déjà vu, naïve café déjà vu. \n\n\t\t  x\n\n\t\t  y 漢字漢字 漢字");
        return trainer.Train(1024, CancellationToken.None);
    });

    [Fact]
    public void The_file_names_every_token_and_merge()
    {
        TokenizerTable table = Trained.Value;
        using JsonDocument json = JsonDocument.Parse(Export(table));
        JsonElement vocabulary = json.RootElement.GetProperty("model").GetProperty("vocab");
        Assert.Equal(table.VocabularySize, vocabulary.EnumerateObject().Count());
        Assert.Equal(SpecialTokens.End, vocabulary.GetProperty("<|end|>").GetInt32());
        Assert.Equal(' ', vocabulary.GetProperty("Ġ").GetInt32());
        Assert.Equal('\n', vocabulary.GetProperty("Ċ").GetInt32());
        Assert.Equal(table.Merges.Length, json.RootElement.GetProperty("model").GetProperty("merges").GetArrayLength());
        Assert.Equal(4, json.RootElement.GetProperty("added_tokens").GetArrayLength());
    }

    [Fact]
    public void Hugging_Face_gives_the_same_tokens_and_texts()
    {
        TokenizerTable table = Trained.Value;
        string[] texts = [.. Texts()];
        using JsonDocument answer = JsonDocument.Parse(AskHuggingFace(Export(table), texts));
        foreach (string implementation in (string[])["rust", "javascript"])
        {
            JsonElement ids = answer.RootElement.GetProperty(implementation).GetProperty("ids");
            JsonElement back = answer.RootElement.GetProperty(implementation).GetProperty("texts");
            for (int i = 0; i < texts.Length; i++)
            {
                int[] theirs = [.. ids[i].EnumerateArray().Select(id => id.GetInt32())];
                int[] ours = [.. table.Encode(texts[i]).Select(token => (int)token)];
                Assert.True(ours.SequenceEqual(theirs), $"{implementation}, text {i} {JsonSerializer.Serialize(texts[i])}: ours {string.Join(' ', ours)}, theirs {string.Join(' ', theirs)}");
                Assert.Equal(texts[i], back[i].GetString());
            }
        }
    }

    [Fact]
    public void Hugging_Face_reads_a_written_out_chat_as_we_frame_it()
    {
        TokenizerTable table = Trained.Value;
        ChatMessage[] chat = [new(ChatRole.System, "You are a helpful assistant."), new(ChatRole.User, "What is 12 + 7?"), new(ChatRole.Assistant, "12 + 7 = 19.")];
        using JsonDocument answer = JsonDocument.Parse(AskHuggingFace(
            Export(table), ["<|system|>You are a helpful assistant.<|end|><|user|>What is 12 + 7?<|end|><|assistant|>12 + 7 = 19.<|end|>"]));
        foreach (string implementation in (string[])["rust", "javascript"])
        {
            Assert.Equal(
                table.EncodeChat(chat).Select(token => (int)token),
                answer.RootElement.GetProperty(implementation).GetProperty("ids")[0].EnumerateArray().Select(id => id.GetInt32()));
        }
    }

    private static IEnumerable<string> Texts()
    {
        yield return "Hello world";
        yield return "  two  spaces, a tab\tand\n\nlines \r\n 12 345  6 ";
        yield return "naïve café €5 漢字 😀 don't stop!!! <x> [a]{b}~`^_";
        yield return "control \u0001\u001f\u007f and no-break\u00a0space\u2028line";
        foreach (string text in new DefaultCorpus().Read(CancellationToken.None).Take(400).SelectMany(document => document.Texts))
        {
            yield return text;
        }

        Rune[] runes = [.. "ab tZ09 \n\t.,<|>'é€😀漢".EnumerateRunes()];
        var random = new Random(8);
        for (int i = 0; i < 400; i++)
        {
            yield return string.Concat(Enumerable.Range(0, 1 + random.Next(60)).Select(_ => runes[random.Next(runes.Length)].ToString()));
        }

        yield return new string('a', 500) + new string(' ', 300) + "b" + new string('!', 200);
    }

    private static string Export(TokenizerTable table)
    {
        using var stream = new MemoryStream();
        HuggingFaceTokenizerJson.Write(table, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string AskHuggingFace(string tokenizer, string[] texts, [CallerFilePath] string here = "")
    {
        string clients = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "clients"));
        foreach (string package in (string[])["tokenizers", "@huggingface/tokenizers"])
        {
            if (!Directory.Exists(Path.Combine(clients, "node_modules", package)))
            {
                Assert.Skip($"The npm package {package} is not installed in tests/clients; run scripts/setup-node.");
            }
        }

        var start = new ProcessStartInfo("node", [Path.Combine(clients, "hugging-face-tokenize.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        start.StandardOutputEncoding = Encoding.UTF8;
        using Process node = StartNode(start);
        Task<string> errors = node.StandardError.ReadToEndAsync();
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        node.StandardInput.Write(JsonSerializer.Serialize(new { tokenizer, texts }));
        node.StandardInput.Close();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, errors.GetAwaiter().GetResult());
        return output.GetAwaiter().GetResult();
    }

    private static Process StartNode(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("node is not installed.");
            throw;
        }
    }
}
