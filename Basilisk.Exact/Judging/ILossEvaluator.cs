using Basilisk.Exact.Shapes;

namespace Basilisk.Exact.Judging;

/// <summary>
/// The judge's forward pass. Every implementation (plain loops, SIMD, OpenCL, CUDA) returns the same integers;
/// the plain loops of this project are the definition.
/// </summary>
public interface ILossEvaluator
{
    /// <summary>
    /// The loss of each sequence of the batch: the sum over its targets of −ln p(target), in nats with
    /// <see cref="LossFormat.FractionBits"/> fraction bits.
    /// </summary>
    /// <param name="shape">Sizes of the model; <c>batch.Length</c> ≤ <c>shape.Context</c>.</param>
    /// <param name="weights">Master weights in <see cref="ParameterLayout"/> order, Q8.24.</param>
    /// <param name="batch">Tokens, each below <c>shape.Vocabulary</c>.</param>
    /// <param name="cancellation">Stops between sequences.</param>
    /// <returns>One loss per sequence, in the batch's order.</returns>
    long[] Evaluate(ModelShape shape, ReadOnlyMemory<int> weights, TokenBatch batch, CancellationToken cancellation);
}

/// <summary>The format of losses and gains.</summary>
public static class LossFormat
{
    /// <summary>Fraction bits of a loss in nats.</summary>
    public const int FractionBits = 24;
}
