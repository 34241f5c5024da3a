using System.Text.Encodings.Web;
using System.Text.Json;
using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Tokenization;

/// <summary>
/// Writes a table as <c>tokenizer.json</c>, which Hugging Face tokenizers (Rust, Python, JavaScript) and what builds on them
/// load. Same text, same ids, with one difference that is theirs: special tokens written out in a text become special tokens there.
/// </summary>
public static class HuggingFaceTokenizerJson
{
    /// <summary>Writes the file's bytes to a stream that stays open.</summary>
    public static void Write(TokenizerTable table, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(destination);
        using var json = new Utf8JsonWriter(destination, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json);
        json.WriteNull("normalizer");
        WritePreTokenizer(json);
        json.WriteNull("post_processor");
        json.WritePropertyName("decoder");
        WriteByteLevel(json);
        WriteModel(json, table);
        json.WriteEndObject();
    }

    private static void WriteAddedTokens(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        for (ushort token = SpecialTokens.End; token <= SpecialTokens.System; token++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", token);
            json.WriteString("content", SpecialTokens.Text(token));
            json.WriteBoolean("single_word", false);
            json.WriteBoolean("lstrip", false);
            json.WriteBoolean("rstrip", false);
            json.WriteBoolean("normalized", false);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>First our cut, then bytes to characters with no cut of its own.</summary>
    private static void WritePreTokenizer(Utf8JsonWriter json)
    {
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", PreSplitter.EquivalentRegex);
        json.WriteEndObject();
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
        json.WriteEndObject();
        WriteByteLevel(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", false);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, TokenizerTable table)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteNull("continuing_subword_prefix");
        json.WriteNull("end_of_word_suffix");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
        json.WriteStartObject("vocab");
        for (int token = 0; token < table.VocabularySize; token++)
        {
            json.WriteNumber(Name(table, (ushort)token), token);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (TokenPair merge in table.Merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(Name(table, merge.Left));
            json.WriteStringValue(Name(table, merge.Right));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Name(TokenizerTable table, ushort token) =>
        SpecialTokens.IsSpecial(token) ? SpecialTokens.Text(token) : ByteAlphabet.Write(table.BytesOf(token));
}
