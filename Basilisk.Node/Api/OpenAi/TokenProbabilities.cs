using System.Text;
using System.Text.Json.Nodes;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Inference;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>Log-probabilities in OpenAI's two shapes.</summary>
internal sealed class TokenProbabilities(TokenizerTable tokenizer)
{
    /// <summary>One entry of a chat's <c>logprobs.content</c>.</summary>
    public JsonObject Entry(GeneratedToken token)
    {
        JsonObject entry = Entry(token.Token, token.LogProbability);
        entry["top_logprobs"] = new JsonArray([.. token.Alternatives.Select(each => (JsonNode)Entry(each.Token, each.LogProbability))]);
        return entry;
    }

    /// <summary>The <c>logprobs</c> of a plain completion.</summary>
    /// <param name="tokens">In order.</param>
    /// <param name="offset">Characters before the first.</param>
    public JsonObject Lists(IReadOnlyList<GeneratedToken> tokens, int offset)
    {
        var texts = new JsonArray();
        var values = new JsonArray();
        var tops = new JsonArray();
        var offsets = new JsonArray();
        foreach (GeneratedToken token in tokens)
        {
            string text = TextOf(token.Token);
            texts.Add(text);
            values.Add(token.LogProbability);
            offsets.Add(offset);
            offset += text.Length;
            var top = new JsonObject();
            foreach (TokenProbability alternative in token.Alternatives)
            {
                top[TextOf(alternative.Token)] = alternative.LogProbability;
            }

            tops.Add((JsonNode)top);
        }

        return new JsonObject { ["tokens"] = texts, ["token_logprobs"] = values, ["top_logprobs"] = tops, ["text_offset"] = offsets };
    }

    private JsonObject Entry(ushort token, double logProbability) => new()
    {
        ["token"] = TextOf(token),
        ["logprob"] = logProbability,
        ["bytes"] = new JsonArray([.. tokenizer.BytesOf(token).ToArray().Select(value => (JsonNode)(int)value)]),
    };

    // Part of a character is written as its bytes, as OpenAI does, so that no two tokens look alike.
    private string TextOf(ushort token)
    {
        if (SpecialTokens.IsSpecial(token))
        {
            return SpecialTokens.Text(token);
        }

        ReadOnlySpan<byte> bytes = tokenizer.BytesOf(token);
        string text = Encoding.UTF8.GetString(bytes);
        return text.Contains('\uFFFD', StringComparison.Ordinal) ? "bytes:" + string.Concat(bytes.ToArray().Select(value => $"\\x{value:x2}")) : text;
    }
}
