using System.Runtime.CompilerServices;

namespace Basilisk.Model.Inference;

/// <summary>A token and its probability under the unchanged logits (temperature 1, no penalties, no filters).</summary>
/// <param name="Token">The token.</param>
/// <param name="LogProbability">Natural logarithm.</param>
public readonly record struct TokenProbability(ushort Token, double LogProbability);

/// <summary>One generated token.</summary>
/// <param name="Token">The token.</param>
/// <param name="LogProbability">Its natural log-probability under the unchanged logits.</param>
/// <param name="Alternatives">The most likely tokens at this place, best first; empty unless asked for.</param>
/// <param name="IsStop">Whether this is one of the stop tokens; it is then the last.</param>
public readonly record struct GeneratedToken(ushort Token, double LogProbability, IReadOnlyList<TokenProbability> Alternatives, bool IsStop);

/// <summary>What to generate.</summary>
/// <param name="Prompt">At least one token; of more than the context holds, only its newest half context counts.</param>
/// <param name="MaxTokens">Most tokens to generate, at least 1.</param>
/// <param name="StopTokens">Generation ends after one of these.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="TopAlternatives">Alternatives reported per token, 0–20.</param>
public sealed record GenerationRequest(
    ReadOnlyMemory<ushort> Prompt,
    int MaxTokens,
    IReadOnlySet<ushort> StopTokens,
    SamplingOptions Sampling,
    int TopAlternatives = 0);

/// <summary>Generates tokens one after another from an immutable snapshot of weights.</summary>
public static class TextGeneration
{
    private const int MostAlternatives = 20;

    /// <summary>Tokens as they are computed, on the caller's thread. Ends after a stop token or <see cref="GenerationRequest.MaxTokens"/>.</summary>
    /// <exception cref="ArgumentException">The request breaks a bound; the message says which.</exception>
    public static IEnumerable<GeneratedToken> Generate(InferenceWeights weights, GenerationRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.MaxTokens, 1, nameof(request));
        ArgumentOutOfRangeException.ThrowIfNegative(request.TopAlternatives, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.TopAlternatives, MostAlternatives, nameof(request));
        var sampler = new Sampler(request.Sampling, weights.Shape.Vocabulary);
        return Tokens(new Decoder(weights), sampler, request, cancellation);
    }

    /// <summary>As <see cref="Generate"/>, with the work on pool threads, so a server's request thread is free between tokens.</summary>
    public static async IAsyncEnumerable<GeneratedToken> GenerateAsync(
        InferenceWeights weights, GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using IEnumerator<GeneratedToken> tokens = Generate(weights, request, cancellation).GetEnumerator();
        while (await Task.Run(tokens.MoveNext, cancellation))
        {
            yield return tokens.Current;
        }
    }

    private static IEnumerable<GeneratedToken> Tokens(Decoder decoder, Sampler sampler, GenerationRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        decoder.Read(request.Prompt.Span);
        for (int count = 1; ; count++)
        {
            GeneratedToken token = Choose(decoder, sampler, request);
            yield return token;
            if (token.IsStop || count == request.MaxTokens)
            {
                yield break;
            }

            cancellation.ThrowIfCancellationRequested();
            decoder.Read(token.Token);
        }
    }

    private static GeneratedToken Choose(Decoder decoder, Sampler sampler, GenerationRequest request)
    {
        ReadOnlySpan<float> logits = decoder.Logits;
        var token = (ushort)sampler.Next(logits);
        double logSum = LogSum(logits);
        return new GeneratedToken(
            token, logits[token] - logSum, Alternatives(logits, logSum, request.TopAlternatives), request.StopTokens.Contains(token));
    }

    private static double LogSum(ReadOnlySpan<float> logits)
    {
        double max = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            max = Math.Max(max, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - max);
        }

        return max + Math.Log(sum);
    }

    /// <summary>The best few by insertion: they are at most 20.</summary>
    private static TokenProbability[] Alternatives(ReadOnlySpan<float> logits, double logSum, int count)
    {
        count = Math.Min(count, logits.Length);
        var best = new TokenProbability[count];
        int filled = 0;
        for (int token = 0; token < logits.Length && count > 0; token++)
        {
            double value = logits[token] - logSum;
            if (filled == count && value <= best[^1].LogProbability)
            {
                continue;
            }

            int at = filled < count ? filled++ : count - 1;
            while (at > 0 && best[at - 1].LogProbability < value)
            {
                best[at] = best[at - 1];
                at--;
            }

            best[at] = new TokenProbability((ushort)token, value);
        }

        return best;
    }
}
