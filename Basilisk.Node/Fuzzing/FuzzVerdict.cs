using Basilisk.Chain.Refusals;

namespace Basilisk.Node.Fuzzing;

/// <summary>What a decoder did with bytes.</summary>
public enum FuzzAnswer
{
    /// <summary>It took them, and they are the one encoding of what it read (or its format has many by design, as JSON does).</summary>
    Accepted,

    /// <summary>It turned them away by a value with a token.</summary>
    Refused,

    /// <summary>It took them, but what it read has another encoding.</summary>
    NotCanonical,

    /// <summary>It failed inside and hid the exception behind an answer, as a server does.</summary>
    Failed,
}

/// <summary>A decoder's answer to one input.</summary>
/// <param name="Answer">What it did.</param>
/// <param name="Token">Where it refused: the stable name of the reason. Where it failed: what is known of the cause.</param>
public readonly record struct FuzzVerdict(FuzzAnswer Answer, string? Token)
{
    public static FuzzVerdict Accepted { get; } = new(FuzzAnswer.Accepted, null);

    public static FuzzVerdict Refused(string? token) => new(FuzzAnswer.Refused, token);

    public static FuzzVerdict Failed(string cause) => new(FuzzAnswer.Failed, cause);

    /// <summary>Accepted where the value encodes to the very bytes it was read from.</summary>
    public static FuzzVerdict Decoded(ReadOnlyMemory<byte> bytes, ReadOnlySpan<byte> again) =>
        bytes.Span.SequenceEqual(again) ? Accepted : new FuzzVerdict(FuzzAnswer.NotCanonical, null);

    /// <summary>Of a decoder that answers with a <see cref="Verdict{T}"/>.</summary>
    public static FuzzVerdict Of<T>(Verdict<T> verdict, ReadOnlyMemory<byte> bytes, Func<T, byte[]> encode)
    {
        ArgumentNullException.ThrowIfNull(encode);
        return verdict.TryGet(out T? value, out Refusal? refusal) ? Decoded(bytes, encode(value)) : Refused(refusal.Token);
    }
}
