using System.Runtime.CompilerServices;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Inference;

namespace Basilisk.Node.Inference;

/// <summary>A step of an answer.</summary>
/// <param name="Text">Text that is certain now; often empty while a character or a stop string may be incomplete.</param>
/// <param name="Token">The token generated; null in the last step.</param>
/// <param name="FinishReason">stop or length in the last step; null before.</param>
public sealed record AnswerStep(string Text, GeneratedToken? Token, string? FinishReason);

/// <summary>Turns generated tokens into text: whole characters only, cut at stop strings.</summary>
public sealed class AnswerStream(TokenizerTable tokenizer)
{
    /// <summary>Roles' tokens end an answer as well: a young model may open the next turn by itself.</summary>
    public static IReadOnlySet<ushort> StopTokens { get; } =
        new HashSet<ushort> { SpecialTokens.End, SpecialTokens.User, SpecialTokens.Assistant, SpecialTokens.System };

    /// <summary>Steps as they come; the last has the reason it ended.</summary>
    public async IAsyncEnumerable<AnswerStep> ReadAsync(
        InferenceWeights weights, GenerationRequest request, IReadOnlyList<string> stops, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var text = new TokenTextStream(tokenizer);
        var matcher = new StopMatcher(stops);
        string reason = "length";
        await foreach (GeneratedToken token in TextGeneration.GenerateAsync(weights, request, cancellation))
        {
            if (token.IsStop)
            {
                reason = "stop";
                break;
            }

            string certain = matcher.Feed(text.Feed(token.Token));
            yield return new AnswerStep(certain, token, null);
            if (matcher.Stopped)
            {
                reason = "stop";
                break;
            }
        }

        string rest = matcher.Stopped ? "" : matcher.Feed(text.Finish());
        yield return new AnswerStep(rest + (matcher.Stopped ? "" : matcher.Finish()), null, reason);
    }
}
