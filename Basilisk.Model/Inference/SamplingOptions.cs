using System.Globalization;

namespace Basilisk.Model.Inference;

/// <summary>How the next token is chosen from the logits. The filters apply in the order they stand here.</summary>
public sealed record SamplingOptions
{
    /// <summary>Added to the logits of single tokens; −100 forbids in practice, as in OpenAI's interface.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>Taken from the logit of every token generated so far.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>Taken from a token's logit once for each time it was generated.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Divides the logits; 0 takes the most likely token, the lowest index among equals.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Keeps the k most likely tokens; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the fewest tokens whose probabilities reach this sum; 1 keeps all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Keeps tokens at least this share as likely as the most likely one; 0 keeps all.</summary>
    public double MinP { get; init; }

    /// <summary>Equal seeds, options and logits give equal tokens.</summary>
    public ulong Seed { get; init; }
}

/// <summary>Checks <see cref="SamplingOptions"/>.</summary>
public static class SamplingOptionsValidator
{
    /// <summary>One sentence for each wrong value, with its key, the value and the bound; empty when all are right.</summary>
    public static IReadOnlyList<string> Problems(SamplingOptions options, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        Require(problems, options.PresencePenalty is >= -2 and <= 2, nameof(options.PresencePenalty), options.PresencePenalty, "from -2 to 2");
        Require(problems, options.FrequencyPenalty is >= -2 and <= 2, nameof(options.FrequencyPenalty), options.FrequencyPenalty, "from -2 to 2");
        Require(problems, options.Temperature is >= 0 and <= 100, nameof(options.Temperature), options.Temperature, "from 0 to 100");
        Require(problems, options.TopK >= 0, nameof(options.TopK), options.TopK, "at least 0");
        Require(problems, options.TopP is > 0 and <= 1, nameof(options.TopP), options.TopP, "above 0 and at most 1");
        Require(problems, options.MinP is >= 0 and <= 1, nameof(options.MinP), options.MinP, "from 0 to 1");
        foreach ((int token, float bias) in options.LogitBias)
        {
            Require(problems, token >= 0 && token < vocabulary, "LogitBias token", token, $"from 0 to {vocabulary - 1}");
            Require(problems, bias is >= -100 and <= 100, $"LogitBias of token {token}", bias, "from -100 to 100");
        }

        return problems;
    }

    private static void Require(List<string> problems, bool holds, string key, double value, string bound)
    {
        if (!holds)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is {value}; it must be {bound}."));
        }
    }
}
