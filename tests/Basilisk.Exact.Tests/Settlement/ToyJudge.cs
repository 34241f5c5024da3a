using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Tests.Settlement;

/// <summary>
/// An exact quadratic loss with a known optimum (docs/numbers-settlement.md, "The toy loss"): each pair of neighbouring
/// tokens looks at eight weights and adds the square of their distance from the optimum. It learns, it has noise between
/// sequences, and a second implementation needs ten lines for it.
/// </summary>
internal sealed class ToyJudge : ILossEvaluator
{
    private const int LooksPerTarget = 8;

    public int Calls { get; private set; }

    /// <summary>θ_k: the weight that loses nothing, within ±2²².</summary>
    public static int Optimum(int k) => (int)(unchecked((ulong)(k + 1) * 0x9E3779B97F4A7C15) >> 41) - (1 << 22);

    /// <summary>The weights that one target looks at.</summary>
    public static int Look(ushort input, ushort target, int look, int count) => ((input * 31) + (target * 517) + (look * 1999)) % count;

    public long[] Evaluate(ModelShape shape, ReadOnlyMemory<int> weights, TokenBatch batch, CancellationToken cancellation)
    {
        Calls++;
        var losses = new long[batch.Sequences];
        for (int s = 0; s < losses.Length; s++)
        {
            cancellation.ThrowIfCancellationRequested();
            losses[s] = Loss(weights.Span, batch.Sequence(s));
        }

        return losses;
    }

    private static long Loss(ReadOnlySpan<int> weights, ReadOnlySpan<ushort> sequence)
    {
        long loss = 0;
        for (int t = 0; t + 1 < sequence.Length; t++)
        {
            for (int look = 0; look < LooksPerTarget; look++)
            {
                int k = Look(sequence[t], sequence[t + 1], look, weights.Length);
                long distance = ((long)weights[k] - Optimum(k)) >> 10;
                loss += distance * distance;
            }
        }

        return loss;
    }
}
