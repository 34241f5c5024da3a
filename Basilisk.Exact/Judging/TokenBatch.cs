namespace Basilisk.Exact.Judging;

/// <summary>Sequences to judge: each has <see cref="Length"/> inputs and, one place on, as many targets.</summary>
public sealed class TokenBatch
{
    private readonly ushort[] _tokens;

    /// <param name="sequences">Number of sequences, N.</param>
    /// <param name="length">Inputs per sequence, T.</param>
    /// <param name="tokens">N × (T + 1) tokens, sequence after sequence.</param>
    /// <exception cref="ArgumentException">The number of tokens is not N × (T + 1).</exception>
    public TokenBatch(int sequences, int length, ushort[] tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(sequences);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (tokens.LongLength != (long)sequences * (length + 1))
        {
            throw new ArgumentException($"{sequences} sequences of {length} inputs need {(long)sequences * (length + 1)} tokens, not {tokens.Length}.", nameof(tokens));
        }

        Sequences = sequences;
        Length = length;
        _tokens = tokens;
    }

    public int Sequences { get; }

    /// <summary>Inputs (and targets) per sequence.</summary>
    public int Length { get; }

    /// <summary>Targets in the whole batch, N × T.</summary>
    public long TargetCount => (long)Sequences * Length;

    /// <summary>The T + 1 tokens of one sequence: inputs are all but the last, targets all but the first.</summary>
    public ReadOnlySpan<ushort> Sequence(int index) => _tokens.AsSpan(index * (Length + 1), Length + 1);
}
