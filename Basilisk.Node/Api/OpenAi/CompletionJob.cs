using Basilisk.Exact.Tokens;
using Basilisk.Model.Inference;
using Basilisk.Node.Inference;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>One accepted request: what to generate, and how to say it.</summary>
/// <param name="Model">The checkpoint asked.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Prompts">Token lists; each gets <see cref="GenerationOptions.Choices"/> answers.</param>
/// <param name="MaxTokens">Most tokens of an answer.</param>
/// <param name="TopAlternatives">Alternatives per token; null where no log-probabilities are wanted.</param>
/// <param name="Options">The rest of the request.</param>
/// <param name="Shape">How answers are written.</param>
internal sealed record CompletionJob(
    ServedModel Model,
    InferenceWeights Weights,
    IReadOnlyList<ushort[]> Prompts,
    int MaxTokens,
    int? TopAlternatives,
    GenerationOptions Options,
    IAnswerShape Shape)
{
    public int PromptTokens => Prompts.Sum(prompt => prompt.Length);

    public int Answers => Prompts.Count * Options.Choices;

    /// <summary>Steps of answer i.</summary>
    public IAsyncEnumerable<AnswerStep> AnswerAsync(TokenizerTable tokenizer, int answer, CancellationToken cancellation)
    {
        var request = new GenerationRequest(
            Prompts[answer / Options.Choices],
            MaxTokens,
            AnswerStream.StopTokens,
            Options.SamplingOf(answer % Options.Choices),
            TopAlternatives ?? 0);
        return new AnswerStream(tokenizer).ReadAsync(Weights, request, Options.Stop, cancellation);
    }
}
