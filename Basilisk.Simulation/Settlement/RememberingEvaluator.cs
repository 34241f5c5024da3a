using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Simulation.Settlement;

/// <summary>
/// A judge that remembers: equal weights on the same batch have equal losses, so a round that is settled again with another attacker
/// judges only what the attacker changed. One thread at a time.
/// </summary>
internal sealed class RememberingEvaluator(ILossEvaluator judge) : ILossEvaluator
{
    private readonly Dictionary<(TokenBatch Batch, Hash256 Weights), long[]> _losses = [];

    /// <summary>Evaluations that were really made.</summary>
    public int Judged { get; private set; }

    public long[] Evaluate(ModelShape shape, ReadOnlyMemory<int> weights, TokenBatch batch, CancellationToken cancellation)
    {
        (TokenBatch, Hash256) key = (batch, new Hash256(SHA256.HashData(MemoryMarshal.AsBytes(weights.Span))));
        if (!_losses.TryGetValue(key, out long[]? losses))
        {
            losses = judge.Evaluate(shape, weights, batch, cancellation);
            _losses.Add(key, losses);
            Judged++;
        }

        return losses;
    }

    /// <summary>Forgets, between rounds: no batch is used in two.</summary>
    public void Clear() => _losses.Clear();
}
