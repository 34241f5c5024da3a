using System.Security.Cryptography;
using System.Text.Json;
using Basilisk.Model.Inference;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>What chat and plain completions have in common.</summary>
/// <param name="MaxTokens">Most tokens to generate; null where the request does not say.</param>
/// <param name="Choices">Answers wanted.</param>
/// <param name="Stop">Strings that end an answer and are not part of it.</param>
/// <param name="Stream">Whether tokens are sent as they come.</param>
/// <param name="IncludeUsage">Whether a stream ends with the token counts.</param>
/// <param name="Sampling">How tokens are chosen; the seed is the first answer's.</param>
internal sealed record GenerationOptions(int? MaxTokens, int Choices, IReadOnlyList<string> Stop, bool Stream, bool IncludeUsage, SamplingOptions Sampling)
{
    public const int MostChoices = 4;
    public const int MostStops = 4;

    /// <summary>More is answered with fewer tokens and finish_reason "length": one request must not hold the node for minutes.</summary>
    public const int MostTokens = 2048;

    public static GenerationOptions Read(RequestReader reader, int vocabulary)
    {
        long? asked = reader.Integer("max_completion_tokens", 1, int.MaxValue) ?? reader.Integer("max_tokens", 1, int.MaxValue);
        var sampling = new SamplingOptions
        {
            Temperature = reader.Number("temperature", 1, 0, 2),
            TopP = Math.Max(1e-6, reader.Number("top_p", 1, 0, 1)),
            TopK = (int)(reader.Integer("top_k", 0, vocabulary) ?? 0),
            MinP = reader.Number("min_p", 0, 0, 1),
            PresencePenalty = reader.Number("presence_penalty", 0, -2, 2),
            FrequencyPenalty = reader.Number("frequency_penalty", 0, -2, 2),
            LogitBias = reader.Bias("logit_bias", vocabulary),
            Seed = (ulong)(reader.Integer("seed", long.MinValue, long.MaxValue) ?? RandomNumberGenerator.GetInt32(int.MaxValue)),
        };
        return new GenerationOptions(
            asked is { } tokens ? (int)Math.Min(tokens, MostTokens) : null,
            (int)(reader.Integer("n", 1, MostChoices) ?? 1),
            reader.Texts("stop", MostStops),
            reader.Flag("stream"),
            Usage(reader),
            sampling);
    }

    /// <summary>Sampling of answer i: a seed of its own.</summary>
    public SamplingOptions SamplingOf(int choice) => Sampling with { Seed = unchecked(Sampling.Seed + (ulong)choice) };

    private static bool Usage(RequestReader reader)
    {
        JsonElement options = reader.Member("stream_options");
        return options.ValueKind switch
        {
            JsonValueKind.Undefined => false,
            JsonValueKind.Object => options.TryGetProperty("include_usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.True,
            _ => reader.Refuse<bool>("stream_options", "an object"),
        };
    }
}
