using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>The step a round takes and the losses on P after it.</summary>
internal sealed record ChosenStep(StepSize Size, int[] Weights, long[] PaidLosses)
{
    public long PaidLoss { get; } = PaidLosses.Sum();
}

/// <summary>Step 5: how far to go along the weighted mean.</summary>
internal sealed class StepSearch(
    SettlementInput input,
    MeteredJudge judge,
    IReadOnlyList<SparseDelta> deltas,
    IReadOnlyList<int> weights)
{
    /// <summary>Sizes tried after 1, while the loss falls and the size is at most the number accepted.</summary>
    private static readonly StepSize[] Climb = [new(3, 2), new(2, 1), new(3, 1), new(4, 1), new(6, 1), new(8, 1)];

    public ChosenStep Find()
    {
        int accepted = weights.Count(weight => weight > 0);
        ChosenStep best = Try(StepSize.One);
        foreach (StepSize size in Climb)
        {
            if (size.Numerator > accepted * size.Denominator)
            {
                break;
            }

            ChosenStep next = Try(size);
            if (next.PaidLoss >= best.PaidLoss)
            {
                break;
            }

            best = next;
        }

        if (best.Size == StepSize.One)
        {
            ChosenStep half = Try(StepSize.Half);
            best = half.PaidLoss < best.PaidLoss ? half : best;
        }

        return best;
    }

    private ChosenStep Try(StepSize size)
    {
        int[] moved = ModelUpdate.Step(input.Current, deltas, weights, weights.Sum(weight => (long)weight), size);
        return new ChosenStep(size, moved, judge.Losses(moved, input.Paid));
    }
}
