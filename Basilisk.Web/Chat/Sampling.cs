namespace Basilisk.Web.Chat;

/// <summary>How the next token is drawn. Bounds are those of the page's fields.</summary>
public sealed class Sampling
{
    public const int MostTokens = 2048;

    /// <summary>Chosen model id; the plain one follows the newest checkpoint.</summary>
    public string Model { get; set; } = "basilisk";

    /// <summary>0 always takes the likeliest token; 0–2.</summary>
    public double Temperature { get; set; } = 0.7;

    /// <summary>Smallest set of tokens with this probability together; 0–1.</summary>
    public double TopP { get; set; } = 0.95;

    /// <summary>Only the likeliest so many; 0 for all.</summary>
    public int TopK { get; set; } = 40;

    /// <summary>Only tokens at least this likely beside the likeliest; 0–1.</summary>
    public double MinP { get; set; } = 0.05;

    public int MaxTokens { get; set; } = 128;

    /// <summary>The same seed, checkpoint and settings give the same answer; null draws a new one each time.</summary>
    public long? Seed { get; set; }

    /// <summary>Texts that end the answer, one per line.</summary>
    public string Stop { get; set; } = "";

    public ChatRequest Request(IReadOnlyList<ChatMessage> messages)
    {
        var stops = Stop.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new ChatRequest(
            Model, messages, Math.Clamp(Temperature, 0, 2), Math.Clamp(TopP, 0, 1), Math.Max(0, TopK), Math.Clamp(MinP, 0, 1),
            Math.Clamp(MaxTokens, 1, MostTokens), Seed, stops.Length == 0 ? null : stops);
    }
}
