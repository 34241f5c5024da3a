using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Basilisk.Exact.Arithmetic;
using Basilisk.Exact.Judging;

namespace Basilisk.Exact.Simd;

/// <summary>
/// The element-wise steps of the forward pass by AVX-512, eight or sixteen values at a time. Each returns how many it did;
/// <see cref="Vector256Elements"/> and the plain definition do the rest.
/// </summary>
internal static class Vector512Elements
{
    /// <summary>The bitwise or of all magnitudes: it has as many bits as the largest.</summary>
    public static int CombineMagnitudes(ReadOnlySpan<long> values, ref ulong combined)
    {
        int count = values.Length & ~7;
        Vector512<ulong> all = default;
        for (int i = 0; i < count; i += 8)
        {
            all |= Avx512F.Abs(Load(values, i));
        }

        combined |= Or(all);
        return count;
    }

    /// <summary>The same for numbers of 32 bits, of which the magnitude of −2^31 has 32.</summary>
    public static int CombineMagnitudes(ReadOnlySpan<int> values, ref ulong combined)
    {
        int count = values.Length & ~15;
        Vector512<uint> all = default;
        for (int i = 0; i < count; i += 16)
        {
            all |= Avx512F.Abs(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i));
        }

        ulong halves = Or(all.AsUInt64());
        combined |= (halves | (halves >> 32)) & uint.MaxValue;
        return count;
    }

    /// <summary>Quantises by a shift of 1 to 61 and splits the result into planes.</summary>
    public static int Quantise(ReadOnlySpan<long> values, int shift, int largest, Span<short> high, Span<short> low)
    {
        int count = values.Length & ~15;
        _ = high[..count];
        _ = low[..count];
        Vector512<long> halfUnit = Vector512.Create(1L << (shift - 1));
        Vector512<int> limit = Vector512.Create(largest);
        Vector512<int> half = Vector512.Create(1 << (ActivationBlock.PlaneBits - 1));
        for (int i = 0; i < count; i += 16)
        {
            Vector256<int> first = Avx512F.ConvertToVector256Int32((Load(values, i) + halfUnit) >> shift);
            Vector256<int> second = Avx512F.ConvertToVector256Int32((Load(values, i + 8) + halfUnit) >> shift);
            Vector512<int> value = Vector512.Min(Vector512.Max(Vector512.Create(first, second), -limit), limit);
            Vector512<int> top = (value + half) >> ActivationBlock.PlaneBits;
            Vector512<int> rest = value - (top << ActivationBlock.PlaneBits);
            Avx512F.ConvertToVector256Int16(top).StoreUnsafe(ref MemoryMarshal.GetReference(high), (nuint)i);
            Avx512F.ConvertToVector256Int16(rest).StoreUnsafe(ref MemoryMarshal.GetReference(low), (nuint)i);
        }

        return count;
    }

    /// <summary>value · scale, rounded to Q20 and saturated.</summary>
    public static int Scale(ReadOnlySpan<int> values, int scale, Span<long> result)
    {
        int count = values.Length & ~7;
        _ = result[..count];
        Vector512<int> factor = Vector512.Create((long)scale).AsInt32();
        Vector512<long> half = Vector512.Create(1L << (Attention.ScaleBits - 1));
        Vector512<long> most = Vector512.Create((long)int.MaxValue);
        for (int i = 0; i < count; i += 8)
        {
            Vector512<long> scaled = (Avx512F.Multiply(Widen(values, i), factor) + half) >> Attention.ScaleBits;
            Vector512.Min(Vector512.Max(scaled, -most), most).StoreUnsafe(ref MemoryMarshal.GetReference(result), (nuint)i);
        }

        return count;
    }

    /// <summary>As <see cref="Reciprocal.RoundDivide"/>.</summary>
    public static int Divide(ReadOnlySpan<long> sums, Reciprocal reciprocal, Span<int> result)
    {
        int count = sums.Length & ~7;
        _ = result[..count];
        Vector512<long> divisor = Vector512.Create(reciprocal.Divisor);
        Vector512<long> doubled = divisor + divisor;
        Vector512<long> doubled2 = doubled + doubled;
        Vector512<long> doubled4 = doubled2 + doubled2;
        Vector512<int> factor = Vector512.Create((long)reciprocal.Factor).AsInt32();
        for (int i = 0; i < count; i += 8)
        {
            Vector512<long> sum = Load(sums, i);
            Vector512<long> numerator = sum + sum + divisor;
            Vector512<long> guess = Avx512F.Multiply((numerator >> reciprocal.Shift).AsInt32(), factor) >> Reciprocal.FactorBits;
            Vector512<long> quotient = guess - Vector512.Create((long)Reciprocal.Excess);

            // The rest is below eight divisors: three halvings bring it below one.
            Vector512<long> rest = numerator - (quotient * doubled);
            TakeOff(ref rest, ref quotient, doubled4, 4);
            TakeOff(ref rest, ref quotient, doubled2, 2);
            TakeOff(ref rest, ref quotient, doubled, 1);
            Avx512F.ConvertToVector256Int32(quotient).StoreUnsafe(ref MemoryMarshal.GetReference(result), (nuint)i);
        }

        return count;
    }

    /// <summary>gate · σ(gate) · up, Q40.</summary>
    public static unsafe int SwiGlu(ReadOnlySpan<int> gate, ReadOnlySpan<int> up, Span<long> result)
    {
        int count = gate.Length & ~7;
        _ = up[..count];
        _ = result[..count];
        Vector512<long> half = Vector512.Create(1L << (SigmoidTable.ValueBits - 1));

        // Invariant: indices are at most LastArgument >> IndexShift, so index + 1 is inside the table.
        fixed (int* table = SigmoidTable.Values)
        {
            for (int i = 0; i < count; i += 8)
            {
                Vector256<int> x = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(gate), (nuint)i);
                Vector512<int> wide = Avx512F.ConvertToVector512Int64(x).AsInt32();
                Vector512<int> sigmoid = Avx512F.ConvertToVector512Int64(Sigmoid(x, table)).AsInt32();

                // The product of the low 32 bits: |x · σ(x)| ≤ |x| fits them with its sign.
                Vector512<long> activated = (Avx512F.Multiply(wide, sigmoid) + half) >>> SigmoidTable.ValueBits;
                Avx512F.Multiply(activated.AsInt32(), Widen(up, i)).StoreUnsafe(ref MemoryMarshal.GetReference(result), (nuint)i);
            }
        }

        return count;
    }

    /// <summary>2^(score − largest) in Q18, added to <paramref name="sum"/>.</summary>
    public static unsafe int Weigh(ReadOnlySpan<int> scores, int largest, Span<int> weights, ref long sum)
    {
        int count = scores.Length & ~15;
        _ = weights[..count];
        Vector512<int> top = Vector512.Create(largest);
        Vector512<int> total = default;

        // Invariant: indices are at most 1,023, so index + 1 is inside the table of 1,025.
        fixed (int* table = ExponentialTable.Values)
        {
            for (int i = 0; i < count; i += 16)
            {
                Vector512<int> score = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(scores), (nuint)i);
                Vector512<int> weight = PowerOfTwo((top - score).AsUInt32(), Attention.WeightBits, table);
                weight.StoreUnsafe(ref MemoryMarshal.GetReference(weights), (nuint)i);
                total += weight;
            }
        }

        // At most 512 weights of 2^18 per lane; all lanes together reach 2^31, which no int32 holds.
        sum += Vector512.Sum(Avx512F.ConvertToVector512Int64(total.GetLower()) + Avx512F.ConvertToVector512Int64(total.GetUpper()));
        return count;
    }

    /// <summary>Σ e^(logit − largest) in Q30, added to <paramref name="sum"/>.</summary>
    public static unsafe int SumExponentials(ReadOnlySpan<int> logits, int largest, ref long sum)
    {
        int count = logits.Length & ~15;
        Vector512<int> top = Vector512.Create(largest);
        Vector512<uint> limit = Vector512.Create((uint)CrossEntropy.Limit);
        Vector512<uint> log2E = Vector512.Create((uint)CrossEntropy.Log2E);
        Vector512<ulong> half = Vector512.Create(1UL << (CrossEntropy.ToExponentShift - 1));
        Vector512<ulong> total = default;

        // Invariant: as in Weigh.
        fixed (int* table = ExponentialTable.Values)
        {
            for (int i = 0; i < count; i += 16)
            {
                Vector512<int> logit = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(logits), (nuint)i);
                Vector512<uint> distance = (top - logit).AsUInt32();
                Vector512<uint> near = Vector512.LessThanOrEqual(distance, limit);
                distance &= near;
                Vector512<ulong> even = (Avx512F.Multiply(distance, log2E) + half) >> CrossEntropy.ToExponentShift;
                Vector512<ulong> odd = (Avx512F.Multiply((distance.AsUInt64() >> 32).AsUInt32(), log2E) + half) >> CrossEntropy.ToExponentShift;
                Vector512<uint> exponent = (even | (odd << 32)).AsUInt32();
                Vector512<ulong> weight = (PowerOfTwo(exponent, ExponentialTable.ValueBits, table).AsUInt32() & near).AsUInt64();
                total += (weight & Vector512.Create((ulong)uint.MaxValue)) + (weight >> 32);
            }
        }

        sum += (long)Vector512.Sum(total);
        return count;
    }

    /// <summary>round(residual · inverse, shift) · gain, Q48; the inverse is below 2^31.</summary>
    public static int Normalise(ReadOnlySpan<int> residual, ReadOnlySpan<int> gain, int inverse, int shift, Span<long> result)
    {
        int count = residual.Length & ~7;
        _ = gain[..count];
        _ = result[..count];
        Vector512<int> factor = Vector512.Create((long)inverse).AsInt32();
        Vector512<long> half = Vector512.Create(1L << (shift - 1));
        for (int i = 0; i < count; i += 8)
        {
            Vector512<long> normalised = (Avx512F.Multiply(Widen(residual, i), factor) + half) >> shift;
            Avx512F.Multiply(normalised.AsInt32(), Widen(gain, i)).StoreUnsafe(ref MemoryMarshal.GetReference(result), (nuint)i);
        }

        return count;
    }

    public static int Largest(ReadOnlySpan<int> values, ref int largest)
    {
        int count = values.Length & ~15;
        Vector512<int> all = Vector512.Create(largest);
        for (int i = 0; i < count; i += 16)
        {
            all = Vector512.Max(all, Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i));
        }

        Vector256<int> eight = Vector256.Max(all.GetLower(), all.GetUpper());
        Vector128<int> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        Vector128<int> two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        largest = Math.Max(two[0], two[1]);
        return count;
    }

    /// <summary>Saturated sums of values in ±(2^31 − 1).</summary>
    public static int Add(Span<int> sums, ReadOnlySpan<int> added)
    {
        int count = sums.Length & ~15;
        _ = added[..count];
        Vector512<int> most = Vector512.Create(int.MaxValue);
        for (int i = 0; i < count; i += 16)
        {
            Vector512<int> a = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(sums), (nuint)i);
            Vector512<int> b = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(added), (nuint)i);
            Vector512<int> sum = a + b;

            // As in the 256-bit path: an overflow has the sign of neither operand, and the limit has theirs.
            Vector512<int> overflow = ((a ^ sum) & (b ^ sum)) >> 31;
            Vector512<int> limit = most ^ (a >> 31);
            Vector512.Max(Vector512.ConditionalSelect(overflow, limit, sum), -most).StoreUnsafe(ref MemoryMarshal.GetReference(sums), (nuint)i);
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
        ref int target = ref MemoryMarshal.GetReference(result);
        for (int i = 0; i < pairs; i += 8)
        {
            (Vector512<int> x, Vector512<int> y) = (Widen(head, i), Widen(head, i + pairs));
            (Vector512<int> cosine, Vector512<int> sine) = (Widen(cosines, i), Widen(sines, i));
            Narrow(Avx512F.Multiply(x, cosine) - Avx512F.Multiply(y, sine)).StoreUnsafe(ref target, (nuint)i);
            Narrow(Avx512F.Multiply(y, cosine) + Avx512F.Multiply(x, sine)).StoreUnsafe(ref target, (nuint)(i + pairs));
        }
    }

    /// <summary>Σ x² for |x| ≤ 2^24.</summary>
    public static int SumSquares(ReadOnlySpan<int> values, ref long sum)
    {
        int count = values.Length & ~15;
        Vector512<long> total = default;
        for (int i = 0; i < count; i += 16)
        {
            Vector512<int> x = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)i);
            Vector512<int> odd = (x.AsInt64() >>> 32).AsInt32();
            total += Avx512F.Multiply(x, x) + Avx512F.Multiply(odd, odd);
        }

        sum += Vector512.Sum(total);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Load(ReadOnlySpan<long> values, int at) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    /// <summary>Eight values, each in the even int32 lane that a widening product reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(ReadOnlySpan<int> values, int at) =>
        Avx512F.ConvertToVector512Int64(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Or(Vector512<ulong> lanes)
    {
        Vector256<ulong> four = lanes.GetLower() | lanes.GetUpper();
        Vector128<ulong> two = four.GetLower() | four.GetUpper();
        return two[0] | two[1];
    }

    /// <summary>Where the rest is at least some divisors, takes them off and adds their number to the quotient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TakeOff(ref Vector512<long> rest, ref Vector512<long> quotient, Vector512<long> divisors, long number)
    {
        Vector512<long> reached = Vector512.GreaterThanOrEqual(rest, divisors);
        rest -= reached & divisors;
        quotient += reached & Vector512.Create(number);
    }

    /// <summary>Takes the 30 fraction bits of an angle off products, and saturates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Narrow(Vector512<long> value)
    {
        Vector512<long> rounded = (value + Vector512.Create(1L << (RotaryTable.ValueBits - 1))) >> RotaryTable.ValueBits;
        return Vector256.Max(Avx512F.ConvertToVector256Int32WithSaturation(rounded), Vector256.Create(-int.MaxValue));
    }

    /// <summary>As <see cref="SigmoidTable.Evaluate"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<int> Sigmoid(Vector256<int> x, int* table)
    {
        Vector256<int> magnitude = Vector256.Min(Vector256.Abs(x), Vector256.Create(SigmoidTable.LastArgument));
        Vector512<long> entries = Entries(magnitude >> SigmoidTable.IndexShift, table);
        Vector256<int> start = Avx512F.ConvertToVector256Int32(entries);
        Vector256<int> next = Avx512F.ConvertToVector256Int32(entries >>> 32);
        Vector256<int> fraction = magnitude & Vector256.Create(SigmoidTable.FractionMask);
        Vector256<uint> product = Avx2.MultiplyLow(start - next, fraction).AsUInt32() + Vector256.Create(1u << (SigmoidTable.IndexShift - 1));
        Vector256<int> low = start - (product >> SigmoidTable.IndexShift).AsInt32();
        return Vector256.ConditionalSelect(x >> 31, low, Vector256.Create(1 << SigmoidTable.ValueBits) - low);
    }

    /// <summary>As <see cref="ExponentialTable.Negative"/>: variable shifts give 0 for counts beyond 31, as the rule does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<int> PowerOfTwo(Vector512<uint> argument, int resultBits, int* table)
    {
        Vector512<uint> shift = (argument >> ExponentialTable.ArgumentBits) + Vector512.Create((uint)(ExponentialTable.ValueBits - resultBits));
        Vector512<int> index = ((argument >> ExponentialTable.IndexShift) & Vector512.Create(1023u)).AsInt32();
        Vector512<long> lower = Entries(index.GetLower(), table);
        Vector512<long> upper = Entries(index.GetUpper(), table);
        Vector512<int> start = Vector512.Create(Avx512F.ConvertToVector256Int32(lower), Avx512F.ConvertToVector256Int32(upper));
        Vector512<int> next = Vector512.Create(Avx512F.ConvertToVector256Int32(lower >>> 32), Avx512F.ConvertToVector256Int32(upper >>> 32));
        Vector512<int> fraction = (argument & Vector512.Create((uint)ExponentialTable.FractionMask)).AsInt32();
        Vector512<uint> product = Avx512F.MultiplyLow(start - next, fraction).AsUInt32() + Vector512.Create(1u << (ExponentialTable.IndexShift - 1));
        Vector512<uint> value = start.AsUInt32() - (product >> ExponentialTable.IndexShift);
        Vector512<uint> half = Avx512F.ShiftLeftLogicalVariable(Vector512<uint>.One, shift - Vector512<uint>.One);
        return Avx512F.ShiftRightLogicalVariable(value + half, shift).AsInt32();
    }

    /// <summary>Eight entries of a table, each with the one after it in the upper half: one fetch for both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<long> Entries(Vector256<int> index, int* table) =>
        Vector512.Create(
            Avx2.GatherVector256((long*)table, index.GetLower(), sizeof(int)),
            Avx2.GatherVector256((long*)table, index.GetUpper(), sizeof(int)));
}
