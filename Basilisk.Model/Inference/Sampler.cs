namespace Basilisk.Model.Inference;

/// <summary>
/// Chooses tokens from logits: bias, penalties, temperature, top-k, top-p, min-p, then one draw. All arithmetic is fp64 and
/// ties go to the lowest index, so a seed gives the same tokens whenever the logits are the same.
/// </summary>
/// <remarks>One generation uses one sampler: it counts what it chose. Nothing grows per token.</remarks>
public sealed class Sampler
{
    private readonly SamplingOptions _options;
    private readonly int[] _counts;
    private readonly double[] _logits;
    private readonly double[] _keys;
    private readonly int[] _order;
    private SplitMix64 _random;

    /// <param name="options">How to choose.</param>
    /// <param name="vocabulary">V.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds; the message lists all that are.</exception>
    public Sampler(SamplingOptions options, int vocabulary)
    {
        IReadOnlyList<string> problems = SamplingOptionsValidator.Problems(options, vocabulary);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        _options = options;
        _counts = new int[vocabulary];
        _logits = new double[vocabulary];
        _keys = new double[vocabulary];
        _order = new int[vocabulary];
        _random = new SplitMix64(options.Seed);
    }

    /// <summary>Chooses the next token and counts it for the penalties.</summary>
    /// <param name="logits">[V].</param>
    public int Next(ReadOnlySpan<float> logits)
    {
        if (logits.Length != _logits.Length)
        {
            throw new ArgumentException($"{logits.Length} logits given for a vocabulary of {_logits.Length}.", nameof(logits));
        }

        Adjust(logits);
        int token = _options.Temperature == 0 ? MostLikely() : Draw();
        _counts[token]++;
        return token;
    }

    private void Adjust(ReadOnlySpan<float> logits)
    {
        for (int i = 0; i < _logits.Length; i++)
        {
            _logits[i] = logits[i];
            if (_counts[i] > 0)
            {
                _logits[i] -= _options.PresencePenalty + (_options.FrequencyPenalty * _counts[i]);
            }
        }

        foreach ((int token, float bias) in _options.LogitBias)
        {
            _logits[token] += bias;
        }
    }

    private int MostLikely()
    {
        int best = 0;
        for (int i = 1; i < _logits.Length; i++)
        {
            if (_logits[i] > _logits[best])
            {
                best = i;
            }
        }

        return best;
    }

    private int Draw()
    {
        double max = _logits[MostLikely()];
        for (int i = 0; i < _logits.Length; i++)
        {
            _logits[i] = Math.Exp((_logits[i] - max) / _options.Temperature);
            _order[i] = i;
        }

        int kept = SortIfFiltered();
        double total = 0;
        for (int i = 0; i < kept; i++)
        {
            total += _logits[_order[i]];
        }

        double left = _random.NextDouble() * total;
        for (int i = 0; i < kept - 1; i++)
        {
            left -= _logits[_order[i]];
            if (left < 0)
            {
                return _order[i];
            }
        }

        return _order[kept - 1];
    }

    /// <summary>Orders tokens by falling weight where a filter needs it; returns how many remain.</summary>
    private int SortIfFiltered()
    {
        int count = _order.Length;
        if (_options.TopK == 0 && _options.TopP >= 1 && _options.MinP <= 0)
        {
            return count;
        }

        for (int i = 0; i < count; i++)
        {
            _keys[i] = -_logits[i];
        }

        Array.Sort(_keys, _order);
        OrderTies();
        int kept = _options.TopK > 0 ? Math.Min(_options.TopK, count) : count;
        kept = KeepTopP(kept);
        return KeepMinP(kept);
    }

    /// <summary>Array.Sort is not stable; equal weights are put in order of their index.</summary>
    private void OrderTies()
    {
        int start = 0;
        while (start < _keys.Length)
        {
            int end = start + 1;
            while (end < _keys.Length && _keys[end] == _keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                Array.Sort(_order, start, end - start);
            }

            start = end;
        }
    }

    private int KeepTopP(int kept)
    {
        if (_options.TopP >= 1)
        {
            return kept;
        }

        double total = 0;
        for (int i = 0; i < kept; i++)
        {
            total += _logits[_order[i]];
        }

        double sum = 0;
        for (int i = 0; i < kept; i++)
        {
            sum += _logits[_order[i]];
            if (sum >= _options.TopP * total)
            {
                return i + 1;
            }
        }

        return kept;
    }

    private int KeepMinP(int kept)
    {
        double least = _options.MinP * _logits[_order[0]];
        while (kept > 1 && _logits[_order[kept - 1]] < least)
        {
            kept--;
        }

        return kept;
    }
}
