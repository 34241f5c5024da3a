using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Inference;
using Basilisk.Model.Primer;
using Basilisk.Model.Training;
using Xunit;

namespace Basilisk.Model.Tests.Primer;

public sealed class GreedyAnswersTests
{
    private static readonly ModelShape Shape = ModelShape.FromDepth(1, SpecialTokens.FirstMerge, context: 128);

    [Fact]
    public void Answers_are_those_of_generation_at_temperature_zero()
    {
        var weights = new InferenceWeights(Shape, CheckpointInitialiser.Create(Shape, Hash256.Zero).Weights.Span);
        var greedy = new GreedyAnswers(weights);
        TokenizerTable table = TokenizerTable.Create([]);
        foreach (PrimerQuestion question in PrimerBenchmark.Questions.Where((_, index) => index % 40 == 0))
        {
            ushort[] prompt = table.EncodeChat(question.Prompt, openAnswer: true);
            var request = new GenerationRequest(prompt, 12, new HashSet<ushort> { SpecialTokens.End }, new SamplingOptions { Temperature = 0 });
            Assert.Equal(TextGeneration.Generate(weights, request, CancellationToken.None).Select(token => token.Token), greedy.Answer(prompt, 12));
        }
    }

    [Fact]
    public void A_model_that_learned_a_few_answers_scores_on_their_questions()
    {
        TokenizerTable table = TokenizerTable.Create([]);
        PrimerQuestion[] learned = [.. PrimerBenchmark.Questions
            .Where(question => question.Kind == "greetings").GroupBy(question => question.Answer).MaxBy(group => group.Count())!];
        ushort[][] chats = [.. learned.Select(question => (ushort[])
            [.. table.EncodeChat(question.Prompt, openAnswer: true), .. table.Encode(question.Answer), SpecialTokens.End])];
        int length = chats.Max(chat => chat.Length);
        ushort[] padded = [.. chats.SelectMany(chat => chat.Concat(Enumerable.Repeat(SpecialTokens.End, length - chat.Length)))];
        using var trainer = new Trainer(Shape, new TrainerOptions { WarmupSteps = 5, PeakLearningRate = 1e-2 }, threads: 1);
        trainer.LoadWeights(CheckpointInitialiser.Create(Shape, Hash256.Zero).Weights.Span);
        for (int step = 0; step < 200; step++)
        {
            trainer.Step(new TokenBatch(chats.Length, length - 1, padded));
        }

        PrimerResult result = GreedyAnswers.RunPrimer(table, new InferenceWeights(Shape, trainer.Weights), CancellationToken.None);
        Assert.Equal(PrimerBenchmark.Questions.Count, result.Asked);
        Assert.Equal(learned.Length, result.Right);
        Assert.Equal(learned.Length, result.Kinds.Single(score => score.Kind == "greetings").Right);
    }
}
