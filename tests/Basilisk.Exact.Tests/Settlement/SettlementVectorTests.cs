using System.Text.Json;
using Basilisk.Exact.Batches;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Settlement;
using Basilisk.Exact.Shapes;
using Xunit;

namespace Basilisk.Exact.Tests.Settlement;

/// <summary>Every number of a chain of rounds, as the second implementation has it.</summary>
public sealed class SettlementVectorTests
{
    [Fact]
    public void Rounds_settle_to_the_bit_as_in_the_second_implementation()
    {
        JsonElement vectors = SettlementVectors.Load("rounds.json");
        ModelShape shape = SettlementVectors.Shape(vectors.Ints("shape"), tied: true);
        var limits = new PayloadLimits(vectors.Int("k"), vectors.Int("levelBits"));
        TokenCorpus corpus = SettlementVectors.Corpus(vectors.Hash("corpusSeed"), vectors.Int("corpusTokens"));
        var sampler = new BatchSampler(corpus, vectors.Int("length"));
        Checkpoint genesis = CheckpointInitialiser.Create(shape, vectors.Hash("genesisSeed"));
        Checkpoint current = genesis;
        var past = new List<Checkpoint>();
        var pastPayloads = new List<SparseDelta[]>();
        int number = 0;
        foreach (JsonElement round in vectors.GetProperty("rounds").EnumerateArray())
        {
            Assert.Equal(round.Hash("current"), current.Root);
            SparseDelta[] deltas = [.. round.GetProperty("payloads").EnumerateArray().Select(payload => Decode(payload, current, limits))];
            JudgingBatches batches = sampler.DrawJudging(round.Hash("seed"), vectors.Int("paid"), vectors.Int("confirmation"));
            Candidate[] candidates = [.. deltas.Select((delta, i) => new Candidate(ToyRound.Id($"unit-{number}-{i}"), delta))];
            var input = new SettlementInput
            {
                Shape = shape,
                Parameters = new SettlementParameters(),
                Current = current,
                Origin = genesis,
                Past = [.. past.Take(SettlementParameters.MaxPast)],
                PastPayloads = [.. pastPayloads.Take(SettlementParameters.MaxPast)],
                Candidates = candidates,
                Paid = batches.Paid,
                Confirmation = batches.Confirmation,
                Holdout = sampler.Holdout(vectors.Int("holdout")),
            };
            SettlementResult result = ToyRound.Settle(input);
            AssertEqual(round.GetProperty("result"), result, number);
            Assert.Equal(result.Next.Root, RoundSettlement.Apply(input, result).Root);

            past.Insert(0, current);
            pastPayloads.Insert(0, deltas);
            current = result.Next;
            number++;
        }

        Assert.Equal(24, number);
    }

    private static SparseDelta Decode(JsonElement payload, Checkpoint current, PayloadLimits limits)
    {
        byte[] bytes = Convert.FromHexString(payload.GetString()!);
        Assert.True(PayloadCodec.TryDecode(bytes, current.Weights.Length, limits, out SparseDelta? delta, out PayloadRefusal? refusal), refusal?.Token);
        return delta;
    }

    private static void AssertEqual(JsonElement expected, SettlementResult actual, int round)
    {
        Assert.Equal(expected.GetProperty("settled").GetBoolean(), actual.Settled);
        Assert.Equal(expected.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : null, actual.UnpaidReason);
        Assert.Equal(expected.TryGetProperty("step", out JsonElement step) ? step.GetString() : "0/1", $"{actual.Step.Numerator}/{actual.Step.Denominator}");
        Assert.Equal(expected.TryGetProperty("gain", out JsonElement gain) ? gain.GetInt64() : null, actual.Gain);
        Assert.Equal(expected.TryGetProperty("error", out JsonElement error) ? error.GetInt64() : null, actual.GainError);
        AssertLoss(expected, "paid", actual.Paid);
        AssertLoss(expected, "confirmation", actual.Confirmation);
        AssertLoss(expected, "holdout", actual.Holdout);
        Assert.Equal(expected.Hash("next"), actual.Next.Root);
        Assert.Equal(expected.Int("evaluations"), actual.Cost.Evaluations);
        JsonElement[] candidates = [.. expected.GetProperty("candidates").EnumerateArray()];
        Assert.Equal(candidates.Length, actual.Candidates.Count);
        for (int i = 0; i < candidates.Length; i++)
        {
            JsonElement c = candidates[i];
            var wanted = new CandidateResult(
                c.Hash("id"), c.GetProperty("gain").GetInt64(), c.GetProperty("error").GetInt64(), c.GetProperty("fresh").GetInt64(),
                c.GetProperty("reason").GetString() == SettlementReasons.Accepted, c.GetProperty("reason").GetString()!, c.Int("weight"),
                c.GetProperty("leaveOneOut").GetInt64(), c.GetProperty("share").GetInt64(), c.GetProperty("credit").GetInt64());
            Assert.True(wanted == actual.Candidates[i], $"round {round}, candidate {i}:\n{wanted}\n{actual.Candidates[i]}");
        }
    }

    private static void AssertLoss(JsonElement expected, string name, BatchLoss? actual)
    {
        BatchLoss? wanted = expected.TryGetProperty(name, out JsonElement loss)
            ? new BatchLoss(loss[0].GetInt64(), loss[1].ValueKind == JsonValueKind.Null ? null : loss[1].GetInt64(), loss[2].GetInt64())
            : null;
        Assert.Equal(wanted, actual);
    }
}
