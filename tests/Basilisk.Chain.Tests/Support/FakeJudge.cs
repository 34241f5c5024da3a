using System.Collections.Immutable;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Settlement;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;

namespace Basilisk.Chain.Tests.Support;

/// <summary>Outcomes that are a function of the question, with made-up gains: every fourth round with payloads is empty, and of the others every fourth moves the model and pays nobody.</summary>
internal static class FakeJudge
{
    public static RoundOutcome Judge(RoundJudgement judgement)
    {
        if (judgement.Payloads.Length == 0)
        {
            return RoundOutcome.Empty(judgement.Round, judgement.ModelRoot, judgement.EvaluationSeed);
        }

        bool settled = judgement.EvaluationSeed.ToArray()[31] % 4 != 0;
        bool pays = settled && judgement.EvaluationSeed.ToArray()[30] % 4 != 0;
        ImmutableArray<ContributionOutcome> contributions = judgement.Payloads.Select(payload => Contribution(payload, judgement.EvaluationSeed, pays)).ToImmutableArray();
        long gain = contributions.Sum(contribution => contribution.Credit);
        return new RoundOutcome(
            judgement.Round,
            judgement.ModelRoot,
            judgement.EvaluationSeed,
            settled,
            pays ? string.Empty : settled ? SettlementReasons.PublicStep : "gain-not-significant",
            pays ? gain : 5,
            17,
            settled ? 3u : 0u,
            new RoundLosses(1000, 900, 1000, 950, 1000, 990),
            contributions,
            settled ? Keccak256.HashJoined(judgement.ModelRoot.ToArray(), judgement.EvaluationSeed.ToArray()) : judgement.ModelRoot);
    }

    private static ContributionOutcome Contribution(RevealedPayload payload, Hash256 seed, bool pays)
    {
        byte[] draw = Keccak256.HashJoined(payload.Unit.ToArray(), seed.ToArray()).ToArray();
        bool accepted = draw[0] % 3 != 0;
        long credit = pays && accepted ? 1 + draw[1] : pays ? 1 : 0;
        return new ContributionOutcome(
            payload.Unit,
            payload.Miner,
            draw[2] - 128,
            draw[3],
            draw[4] - 128,
            accepted,
            accepted ? string.Empty : "gain-not-positive",
            accepted ? 65_536 : 0,
            draw[5] - 128,
            draw[6],
            credit);
    }
}
