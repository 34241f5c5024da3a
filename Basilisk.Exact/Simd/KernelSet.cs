using System.Runtime.Intrinsics.X86;
using Basilisk.Exact.Judging;

namespace Basilisk.Exact.Simd;

/// <summary>The inner loops of the forward pass, exchangeable because each one's result is defined exactly.</summary>
internal abstract class KernelSet
{
    /// <summary>
    /// For each of <paramref name="count"/> tokens t from <paramref name="first"/> and each row r:
    /// <c>result[t − first, r] = Rescale(Σ_k rows[r, k] · activations[t, k], base − activations.Shifts[t] − rows.Shifts[r])</c>,
    /// with the sum exact.
    /// </summary>
    /// <param name="rows">Quantised matrix, as many columns as the activations.</param>
    /// <param name="panels">Only the first so many panels of 16 rows are multiplied.</param>
    /// <param name="activations">Quantised tokens.</param>
    /// <param name="first">First token.</param>
    /// <param name="count">Number of tokens.</param>
    /// <param name="baseShift">Fraction bits of both factors together less those of the result.</param>
    /// <param name="result">[count, resultStride]; 16 × panels entries of each token are written.</param>
    /// <param name="resultStride">At least 16 × panels.</param>
    public abstract void Multiply(
        PackedRows rows, int panels, ActivationBlock activations, int first, int count, int baseShift, Span<int> result, int resultStride);

    /// <summary>sums[c] = Σ_s weights[s] · values[s, c], exact.</summary>
    /// <param name="weights">Non-negative, at most 2^18.</param>
    /// <param name="values">[weights.Length, stride].</param>
    /// <param name="stride">Distance between the rows of <paramref name="values"/>.</param>
    /// <param name="sums">One per channel.</param>
    public abstract void WeightedSum(ReadOnlySpan<int> weights, ReadOnlySpan<int> values, int stride, Span<long> sums);

    /// <summary>Quantises one token (<see cref="BlockFloat"/>) into a block.</summary>
    public virtual void Quantise(ReadOnlySpan<long> values, int bits, ActivationBlock target, int token)
    {
        int shift = BlockFloat.Shift(BlockFloat.CombineMagnitudes(values), bits);
        target.SetToken(token, shift);
        target.SetValues(token, 0, values, BlockFloat.LargestValue(bits));
    }

    /// <summary>Quantises one row of a matrix, or one token's keys (<see cref="BlockFloat"/>).</summary>
    public virtual void Quantise(ReadOnlySpan<int> values, int bits, PackedRows target, int row)
    {
        target.SetShift(row, BlockFloat.Shift(BlockFloat.CombineMagnitudes(values), bits));
        target.SetValues(row, 0, values, BlockFloat.LargestValue(bits));
    }

    /// <summary>The bitwise or of all magnitudes: it has as many bits as the largest.</summary>
    public virtual ulong CombineMagnitudes(ReadOnlySpan<int> values) => BlockFloat.CombineMagnitudes(values);

    /// <summary>result = Saturate(RoundShift(value · scale, 30)) (<see cref="Attention"/>).</summary>
    public virtual void Scale(ReadOnlySpan<int> values, int scale, Span<long> result) => Attention.Scale(values, scale, result);

    /// <summary>result = RoundDivide(sum, divisor); every quotient fits ±(2^31 − 1).</summary>
    /// <param name="sums">|sum| at most divisor · (2^31 − 1).</param>
    /// <param name="divisor">1 to 2^31.</param>
    /// <param name="result">One per sum.</param>
    public virtual void Divide(ReadOnlySpan<long> sums, long divisor, Span<int> result) => Attention.Divide(sums, divisor, result);

    /// <summary>result = gate · σ(gate) · up (<see cref="SwiGlu"/>).</summary>
    public virtual void Gate(ReadOnlySpan<int> gate, ReadOnlySpan<int> up, Span<long> result) => SwiGlu.Apply(gate, up, result);

    /// <summary>Unnormalised softmax of scores (<see cref="Attention"/>): the weights, and their sum.</summary>
    public virtual long Weigh(ReadOnlySpan<int> scores, int largest, Span<int> weights) => Attention.Weigh(scores, largest, weights);

    /// <summary>Σ e^(logit − largest) in Q30 (<see cref="CrossEntropy"/>).</summary>
    public virtual long SumExponentials(ReadOnlySpan<int> logits, int largest) => CrossEntropy.SumExponentials(logits, largest);

    /// <summary>result = RoundShift(residual · inverse, shift) · gain (<see cref="RootMeanSquareNorm"/>).</summary>
    public virtual void Normalise(ReadOnlySpan<int> residual, ReadOnlySpan<int> gain, long inverse, int shift, Span<long> result) =>
        RootMeanSquareNorm.Scale(residual, gain, inverse, shift, result);

    /// <summary>The largest of some values.</summary>
    public virtual int Largest(ReadOnlySpan<int> values) => CrossEntropy.Largest(values);

    /// <summary>sums = Saturate(sums + added).</summary>
    public virtual void Add(Span<int> sums, ReadOnlySpan<int> added) => ForwardPass.Add(sums, added);

    /// <summary>Turns a head by its position's angles (<see cref="Attention"/>).</summary>
    public virtual void Rotate(ReadOnlySpan<int> head, ReadOnlySpan<int> cosines, ReadOnlySpan<int> sines, Span<int> result) =>
        Attention.Rotate(head, cosines, sines, result);

    /// <summary>Σ RoundShift(x, shift)².</summary>
    public virtual long SumSquares(ReadOnlySpan<int> values, int shift) => RootMeanSquareNorm.SumSquares(values, shift);

    /// <summary>The kernels of a choice.</summary>
    /// <exception cref="PlatformNotSupportedException">This processor lacks the instructions.</exception>
    public static KernelSet Create(IntegerKernels kernels) => kernels switch
    {
        IntegerKernels.Plain => new PlainKernels(),
        IntegerKernels.Vector256 when IsSupported(kernels) => new Vector256Kernels(),
        IntegerKernels.Vector512 when IsSupported(kernels) => new Vector512Kernels(),
        IntegerKernels.Auto => Create(Widest()),
        _ => throw new PlatformNotSupportedException($"This processor has no {kernels} instructions; use {IntegerKernels.Auto}."),
    };

    /// <summary>Whether this processor runs a choice.</summary>
    public static bool IsSupported(IntegerKernels kernels) => kernels switch
    {
        IntegerKernels.Vector256 => Avx2.IsSupported,
        IntegerKernels.Vector512 => Avx512BW.IsSupported,
        _ => true,
    };

    /// <summary>What every product relies on; the vector loops check no bounds of their own.</summary>
    protected static void CheckOperands(
        PackedRows rows, int panels, ActivationBlock activations, int first, int count, Span<int> result, int resultStride)
    {
        int width = panels * PackedRows.PanelRows;
        bool fits = panels <= rows.Panels
            && rows.Columns == activations.Columns
            && first >= 0
            && count >= 0
            && first + count <= activations.Shifts.Length
            && resultStride >= width
            && (count == 0 || result.Length >= ((long)(count - 1) * resultStride) + width);
        if (!fits)
        {
            throw new InvalidOperationException("The operands of an integer product do not fit its sizes.");
        }
    }

    private static IntegerKernels Widest() =>
        IsSupported(IntegerKernels.Vector512) ? IntegerKernels.Vector512
        : IsSupported(IntegerKernels.Vector256) ? IntegerKernels.Vector256
        : IntegerKernels.Plain;
}
