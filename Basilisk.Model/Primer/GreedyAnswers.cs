using Basilisk.Exact.Tokens;
using Basilisk.Model.Inference;

namespace Basilisk.Model.Primer;

/// <summary>
/// Answers as a model would with temperature 0: the most likely token each time, the lowest id among equals, up to
/// <see cref="SpecialTokens.End"/>. One decoder serves all questions; one thread at a time.
/// </summary>
public sealed class GreedyAnswers
{
    private readonly Decoder _decoder;

    public GreedyAnswers(InferenceWeights weights) => _decoder = new Decoder(weights);

    /// <summary>The benchmark on a model's weights; seconds of one core at the dev network's size.</summary>
    public static PrimerResult RunPrimer(TokenizerTable tokenizer, InferenceWeights weights, CancellationToken cancellation) =>
        PrimerBenchmark.Run(tokenizer, new GreedyAnswers(weights).Answer, cancellation);

    /// <summary>Continues a prompt of one token or more by at most <paramref name="maxTokens"/> tokens.</summary>
    public ushort[] Answer(ushort[] prompt, int maxTokens)
    {
        var answer = new List<ushort>();
        _decoder.Reset();
        ReadOnlySpan<float> logits = _decoder.Read(prompt);
        while (answer.Count < maxTokens)
        {
            ushort token = MostLikely(logits);
            answer.Add(token);
            if (token == SpecialTokens.End)
            {
                break;
            }

            logits = _decoder.Read(token);
        }

        return [.. answer];
    }

    private static ushort MostLikely(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int token = 1; token < logits.Length; token++)
        {
            if (logits[token] > logits[best])
            {
                best = token;
            }
        }

        return (ushort)best;
    }
}
