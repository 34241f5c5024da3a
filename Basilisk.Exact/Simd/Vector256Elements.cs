using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Judging;

namespace Basilisk.Exact.Simd;

/// <summary>
/// The element-wise steps of the forward pass by AVX2, eight values at a time. Each returns how many it did (a multiple of
/// eight); the plain definition does the rest.
/// </summary>
internal static class Vector256Elements
{
    /// <summary>Channels of one weighted sum.</summary>
    public const int SummedAtOnce = 16;

    /// <summary>Added before a logical shift and taken off after it, this makes it an arithmetic one for |x| ≤ 2^62.</summary>
    private const long Bias = 1L << 62;

    /// <summary>The bitwise or of all magnitudes: it has as many bits as the largest.</summary>
    public static int CombineMagnitudes(ReadOnlySpan<long> values, ref ulong combined)
    {
        ref long source = ref MemoryMarshal.GetReference(values);
        int count = values.Length & ~7;
        Vector256<long> all = default;
        for (int i = 0; i < count; i += 4)
        {
            Vector256<long> value = Vector256.LoadUnsafe(ref source, (nuint)i);
            Vector256<long> sign = Avx2.CompareGreaterThan(Vector256<long>.Zero, value);
            all |= (value ^ sign) - sign;
        }

        combined |= (ulong)(all[0] | all[1] | all[2] | all[3]);
        return count;
    }

    /// <summary>Quantises by a shift of 1 to 61 and splits the result into planes.</summary>
    public static int Quantise(ReadOnlySpan<long> values, int shift, int largest, Span<short> high, Span<short> low)
    {
        int count = values.Length & ~7;
        _ = high[..count];
        _ = low[..count];
        ref long source = ref MemoryMarshal.GetReference(values);
        Vector256<int> limit = Vector256.Create(largest);
        Vector256<int> half = Vector256.Create(1 << (ActivationBlock.PlaneBits - 1));
        for (int i = 0; i < count; i += 8)
        {
            Vector256<long> first = RoundShift(Vector256.LoadUnsafe(ref source, (nuint)i), shift);
            Vector256<long> second = RoundShift(Vector256.LoadUnsafe(ref source, (nuint)i + 4), shift);
            Vector256<int> value = Vector256.Min(Vector256.Max(Vector256.Narrow(first, second), -limit), limit);
            Vector256<int> top = (value + half) >> ActivationBlock.PlaneBits;
            Vector256<int> rest = value - (top << ActivationBlock.PlaneBits);
            Vector128.Narrow(top.GetLower(), top.GetUpper()).StoreUnsafe(ref MemoryMarshal.GetReference(high), (nuint)i);
            Vector128.Narrow(rest.GetLower(), rest.GetUpper()).StoreUnsafe(ref MemoryMarshal.GetReference(low), (nuint)i);
        }

        return count;
    }

    /// <summary>Quantises by a shift of 0 to 30; as many values as a multiple of eight.</summary>
    public static void Quantise(ReadOnlySpan<int> values, int shift, int largest, Span<short> result)
    {
        _ = result[..values.Length];
        ref int source = ref MemoryMarshal.GetReference(values);
        Vector256<int> limit = Vector256.Create(largest);
        for (int i = 0; i + 8 <= values.Length; i += 8)
        {
            Vector256<int> value = Vector256.LoadUnsafe(ref source, (nuint)i);

            // ⌊(⌊x / 2^(s−1)⌋ + 1) / 2⌋ is the rounded quotient, and its sum overflows no int32.
            Vector256<int> rounded = shift == 0 ? value : ((value >> (shift - 1)) + Vector256<int>.One) >> 1;
            Vector256<int> clamped = Vector256.Min(Vector256.Max(rounded, -limit), limit);
            Sse2.PackSignedSaturate(clamped.GetLower(), clamped.GetUpper()).StoreUnsafe(ref MemoryMarshal.GetReference(result), (nuint)i);
        }
    }

    /// <summary>The bitwise or of all magnitudes, of which that of −2^31 has 32 bits.</summary>
    public static int CombineMagnitudes(ReadOnlySpan<int> values, ref ulong combined)
    {
        int count = values.Length & ~7;
        Vector256<uint> all = default;
        for (int i = 0; i < count; i += 8)
        {
            all |= Avx2.Abs(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i));
        }

        Vector128<uint> half = all.GetLower() | all.GetUpper();
        combined |= half[0] | half[1] | half[2] | half[3];
        return count;
    }

    /// <summary>value · scale, rounded to Q20 and saturated.</summary>
    public static int Scale(ReadOnlySpan<int> values, int scale, Span<long> result)
    {
        int count = values.Length & ~7;
        _ = result[..count];
        Vector256<int> factor = Vector256.Create(scale);
        for (int i = 0; i < count; i += 8)
        {
            Vector256<int> x = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i);
            Vector256<long> even = Saturate(RoundShift(Avx2.Multiply(x, factor), Attention.ScaleBits));
            Vector256<long> odd = Saturate(RoundShift(Avx2.Multiply(Odd(x), factor), Attention.ScaleBits));
            StoreInterleaved(even, odd, result[i..]);
        }

        return count;
    }

    /// <summary>Σ weight · value of <see cref="SummedAtOnce"/> channels.</summary>
    public static void WeightedSum(ReadOnlySpan<int> weights, ReadOnlySpan<int> values, int stride, Span<long> sums)
    {
        // The last row must hold so many channels; the loads below stay within it.
        _ = values[((weights.Length - 1) * stride) + SummedAtOnce - 1];
        ref int row = ref MemoryMarshal.GetReference(values);
        Vector256<long> even0 = default, odd0 = default, even1 = default, odd1 = default;
        foreach (int value in weights)
        {
            Vector256<int> weight = Vector256.Create(value);
            Vector256<int> first = Vector256.LoadUnsafe(ref row);
            Vector256<int> second = Vector256.LoadUnsafe(ref row, 8);
            even0 += Avx2.Multiply(weight, first);
            odd0 += Avx2.Multiply(weight, Odd(first));
            even1 += Avx2.Multiply(weight, second);
            odd1 += Avx2.Multiply(weight, Odd(second));
            row = ref Unsafe.Add(ref row, stride);
        }

        StoreInterleaved(even0, odd0, sums);
        StoreInterleaved(even1, odd1, sums[8..]);
    }

    /// <summary>gate · σ(gate) · up, Q40.</summary>
    public static unsafe int SwiGlu(ReadOnlySpan<int> gate, ReadOnlySpan<int> up, Span<long> result)
    {
        int count = gate.Length & ~7;
        _ = up[..count];
        _ = result[..count];
        Vector256<long> half = Vector256.Create(1L << (SigmoidTable.ValueBits - 1));

        // Invariant: indices are at most LastArgument >> IndexShift, so index + 1 is inside the table.
        fixed (int* table = SigmoidTable.Values)
        {
            for (int i = 0; i < count; i += 8)
            {
                Vector256<int> x = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(gate), (nuint)i);
                Vector256<int> factor = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(up), (nuint)i);
                Vector256<int> sigmoid = Sigmoid(x, table);
                Vector256<long> even = (Avx2.Multiply(x, sigmoid) + half) >>> SigmoidTable.ValueBits;
                Vector256<long> odd = (Avx2.Multiply(Odd(x), Odd(sigmoid)) + half) >>> SigmoidTable.ValueBits;

                // The product of the low 32 bits: |x · σ(x)| ≤ |x| fits them with its sign.
                StoreInterleaved(Avx2.Multiply(even.AsInt32(), factor), Avx2.Multiply(odd.AsInt32(), Odd(factor)), result[i..]);
            }
        }

        return count;
    }

    /// <summary>2^(score − largest) in Q18, added to <paramref name="sum"/>.</summary>
    public static unsafe int Weigh(ReadOnlySpan<int> scores, int largest, Span<int> weights, ref long sum)
    {
        int count = scores.Length & ~7;
        _ = weights[..count];
        Vector256<int> top = Vector256.Create(largest);
        Vector256<int> total = default;

        // Invariant: indices are at most 1,023, so index + 1 is inside the table of 1,025.
        fixed (int* table = ExponentialTable.Values)
        {
            for (int i = 0; i < count; i += 8)
            {
                Vector256<int> score = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(scores), (nuint)i);
                Vector256<int> weight = PowerOfTwo((top - score).AsUInt32(), Attention.WeightBits, table);
                weight.StoreUnsafe(ref MemoryMarshal.GetReference(weights), (nuint)i);
                total += weight;
            }
        }

        // At most 1,024 weights of 2^18 per lane; all lanes together reach 2^31, which no int32 holds.
        (Vector256<long> lower, Vector256<long> upper) = Vector256.Widen(total);
        sum += Vector256.Sum(lower + upper);
        return count;
    }

    /// <summary>Σ e^(logit − largest) in Q30, added to <paramref name="sum"/>.</summary>
    public static unsafe int SumExponentials(ReadOnlySpan<int> logits, int largest, ref long sum)
    {
        int count = logits.Length & ~7;
        Vector256<int> top = Vector256.Create(largest);
        Vector256<uint> limit = Vector256.Create((uint)CrossEntropy.Limit);
        Vector256<uint> log2E = Vector256.Create((uint)CrossEntropy.Log2E);
        Vector256<ulong> half = Vector256.Create(1UL << (CrossEntropy.ToExponentShift - 1));
        Vector256<ulong> total = default;

        // Invariant: as in Weigh.
        fixed (int* table = ExponentialTable.Values)
        {
            for (int i = 0; i < count; i += 8)
            {
                Vector256<int> logit = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(logits), (nuint)i);
                Vector256<uint> distance = (top - logit).AsUInt32();
                Vector256<uint> near = Vector256.LessThanOrEqual(distance, limit);
                distance &= near;
                Vector256<ulong> even = (Avx2.Multiply(distance, log2E) + half) >> CrossEntropy.ToExponentShift;
                Vector256<ulong> odd = (Avx2.Multiply(Odd(distance.AsInt32()).AsUInt32(), log2E) + half) >> CrossEntropy.ToExponentShift;
                Vector256<uint> exponent = (even | (odd << 32)).AsUInt32();
                Vector256<ulong> weight = (PowerOfTwo(exponent, ExponentialTable.ValueBits, table).AsUInt32() & near).AsUInt64();
                total += (weight & Vector256.Create((ulong)uint.MaxValue)) + (weight >> 32);
            }
        }

        sum += (long)Vector256.Sum(total);
        return count;
    }

    /// <summary>round(residual · inverse, shift) · gain, Q48; the inverse is below 2^31.</summary>
    public static int Normalise(ReadOnlySpan<int> residual, ReadOnlySpan<int> gain, int inverse, int shift, Span<long> result)
    {
        int count = residual.Length & ~7;
        _ = gain[..count];
        _ = result[..count];
        Vector256<int> factor = Vector256.Create(inverse);
        for (int i = 0; i < count; i += 8)
        {
            Vector256<int> x = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(residual), (nuint)i);
            Vector256<int> scale = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(gain), (nuint)i);
            Vector256<long> even = RoundShift(Avx2.Multiply(x, factor), shift);
            Vector256<long> odd = RoundShift(Avx2.Multiply(Odd(x), factor), shift);
            StoreInterleaved(Avx2.Multiply(even.AsInt32(), scale), Avx2.Multiply(odd.AsInt32(), Odd(scale)), result[i..]);
        }

        return count;
    }

    public static int Largest(ReadOnlySpan<int> values, ref int largest)
    {
        int count = values.Length & ~7;
        Vector256<int> all = Vector256.Create(largest);
        for (int i = 0; i < count; i += 8)
        {
            all = Vector256.Max(all, Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i));
        }

        for (int lane = 0; lane < Vector256<int>.Count; lane++)
        {
            largest = Math.Max(largest, all[lane]);
        }

        return count;
    }

    /// <summary>Saturated sums of values in ±(2^31 − 1).</summary>
    public static int Add(Span<int> sums, ReadOnlySpan<int> added)
    {
        int count = sums.Length & ~7;
        _ = added[..count];
        Vector256<int> most = Vector256.Create(int.MaxValue);
        for (int i = 0; i < count; i += 8)
        {
            Vector256<int> a = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(sums), (nuint)i);
            Vector256<int> b = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(added), (nuint)i);
            Vector256<int> sum = a + b;

            // Overflow: both operands differ in sign from the sum. The limit then has the operands' sign.
            Vector256<int> overflow = ((a ^ sum) & (b ^ sum)) >> 31;
            Vector256<int> limit = (most ^ (a >> 31)) - (a >> 31);
            Vector256.Max(Vector256.ConditionalSelect(overflow, limit, sum), -most).StoreUnsafe(ref MemoryMarshal.GetReference(sums), (nuint)i);
        }

        return count;
    }

    /// <summary>Rotates a head whose number of pairs is a multiple of eight.</summary>
    public static void Rotate(ReadOnlySpan<int> head, ReadOnlySpan<int> cosines, ReadOnlySpan<int> sines, Span<int> result)
    {
        int pairs = cosines.Length;
        _ = head[..(2 * pairs)];
        _ = sines[..pairs];
        _ = result[..(2 * pairs)];
        ref int source = ref MemoryMarshal.GetReference(head);
        ref int target = ref MemoryMarshal.GetReference(result);
        for (int i = 0; i < pairs; i += 8)
        {
            Vector256<int> x = Vector256.LoadUnsafe(ref source, (nuint)i);
            Vector256<int> y = Vector256.LoadUnsafe(ref source, (nuint)(i + pairs));
            Vector256<int> cosine = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(cosines), (nuint)i);
            Vector256<int> sine = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(sines), (nuint)i);
            (Vector256<int> oddX, Vector256<int> oddY, Vector256<int> oddCosine, Vector256<int> oddSine) = (Odd(x), Odd(y), Odd(cosine), Odd(sine));
            Join(Avx2.Multiply(x, cosine) - Avx2.Multiply(y, sine), Avx2.Multiply(oddX, oddCosine) - Avx2.Multiply(oddY, oddSine))
                .StoreUnsafe(ref target, (nuint)i);
            Join(Avx2.Multiply(y, cosine) + Avx2.Multiply(x, sine), Avx2.Multiply(oddY, oddCosine) + Avx2.Multiply(oddX, oddSine))
                .StoreUnsafe(ref target, (nuint)(i + pairs));
        }
    }

    /// <summary>Σ x² for |x| ≤ 2^24.</summary>
    public static int SumSquares(ReadOnlySpan<int> values, ref long sum)
    {
        int count = values.Length & ~7;
        Vector256<long> total = default;
        for (int i = 0; i < count; i += 8)
        {
            Vector256<int> x = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i);
            total += Avx2.Multiply(x, x) + Avx2.Multiply(Odd(x), Odd(x));
        }

        sum += Vector256.Sum(total);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> RoundShift(Vector256<long> value, int shift) =>
        ((value + Vector256.Create(Bias + (1L << (shift - 1)))) >>> shift) - Vector256.Create(Bias >> shift);

    /// <summary>Takes the 30 fraction bits of an angle off products, saturates, and joins even and odd lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Join(Vector256<long> even, Vector256<long> odd)
    {
        Vector256<long> low = Saturate(RoundShift(even, RotaryTable.ValueBits)) & Vector256.Create((long)uint.MaxValue);
        return (low | (Saturate(RoundShift(odd, RotaryTable.ValueBits)) << 32)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<long> Saturate(Vector256<long> value) =>
        Vector256.Min(Vector256.Max(value, Vector256.Create(-(long)int.MaxValue)), Vector256.Create((long)int.MaxValue));

    /// <summary>The odd lanes, moved to where a widening product reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Odd(Vector256<int> value) => (value.AsInt64() >>> 32).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreInterleaved(Vector256<long> even, Vector256<long> odd, Span<long> result)
    {
        Vector256<long> low = Avx2.UnpackLow(even, odd);
        Vector256<long> high = Avx2.UnpackHigh(even, odd);
        Avx2.Permute2x128(low, high, 0x20).CopyTo(result);
        Avx2.Permute2x128(low, high, 0x31).CopyTo(result[4..]);
    }

    /// <summary>As <see cref="SigmoidTable.Evaluate"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<int> Sigmoid(Vector256<int> x, int* table)
    {
        Vector256<int> magnitude = Vector256.Min(Vector256.Abs(x), Vector256.Create(SigmoidTable.LastArgument));
        Vector256<int> index = magnitude >> SigmoidTable.IndexShift;
        Vector256<int> start = Avx2.GatherVector256(table, index, 4);
        Vector256<int> next = Avx2.GatherVector256(table + 1, index, 4);
        Vector256<int> low = Interpolate(start, next, magnitude & Vector256.Create(SigmoidTable.FractionMask));
        Vector256<int> negative = Vector256.LessThan(x, Vector256<int>.Zero);
        return Vector256.ConditionalSelect(negative, low, Vector256.Create(1 << SigmoidTable.ValueBits) - low);
    }

    /// <summary>As <see cref="ExponentialTable.Negative"/>: variable shifts give 0 for counts beyond 31, as the rule does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<int> PowerOfTwo(Vector256<uint> argument, int resultBits, int* table)
    {
        Vector256<uint> shift = (argument >> ExponentialTable.ArgumentBits) + Vector256.Create((uint)(ExponentialTable.ValueBits - resultBits));
        Vector256<int> index = ((argument >> ExponentialTable.IndexShift) & Vector256.Create(1023u)).AsInt32();
        Vector256<int> start = Avx2.GatherVector256(table, index, 4);
        Vector256<int> next = Avx2.GatherVector256(table + 1, index, 4);
        Vector256<int> value = Interpolate(start, next, (argument & Vector256.Create((uint)ExponentialTable.FractionMask)).AsInt32());
        Vector256<uint> half = Avx2.ShiftLeftLogicalVariable(Vector256<uint>.One, shift - Vector256<uint>.One);
        return Avx2.ShiftRightLogicalVariable(value.AsUInt32() + half, shift).AsInt32();
    }

    /// <summary>start − round((start − next) · fraction, 12): both tables have 12 fraction bits, and the product stays below 2^32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Interpolate(Vector256<int> start, Vector256<int> next, Vector256<int> fraction)
    {
        Vector256<uint> product = Avx2.MultiplyLow(start - next, fraction).AsUInt32() + Vector256.Create(1u << 11);
        return start - (product >> 12).AsInt32();
    }
}
