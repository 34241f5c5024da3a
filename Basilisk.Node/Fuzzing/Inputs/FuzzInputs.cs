namespace Basilisk.Node.Fuzzing.Inputs;

/// <summary>Inputs for one decoder: noise, generated ones of its form, and real ones changed along their structure or anywhere.</summary>
public sealed class FuzzInputs
{
    private const int LongestNoise = 700;

    private readonly IReadOnlyList<byte[]> _seeds;
    private readonly FuzzBuffer _buffer = new();
    private readonly ByteChanges _bytes;
    private readonly RlpChanges? _rlp;
    private readonly TextChanges? _text;

    /// <param name="form">How the format is built.</param>
    /// <param name="seeds">At least one real encoding, none longer than <see cref="FuzzBuffer.Capacity"/>.</param>
    public FuzzInputs(FuzzForm form, IReadOnlyList<byte[]> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentOutOfRangeException.ThrowIfZero(seeds.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seeds.Max(seed => seed.Length), FuzzBuffer.Capacity);
        _seeds = seeds;
        _bytes = new ByteChanges(seeds);
        _rlp = form == FuzzForm.Rlp ? new RlpChanges(seeds) : null;
        _text = form is FuzzForm.Json or FuzzForm.Path ? new TextChanges(form, seeds) : null;
    }

    /// <summary>The next input; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Next(FuzzRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        switch (random.Below(20))
        {
            case 0:
                Noise(random);
                break;
            case 1 or 2:
                Generate(random);
                break;
            case < 12:
                Structured(random);
                break;
            default:
                Seed(random);
                _bytes.Apply(_buffer, random);
                break;
        }

        return _buffer.Memory;
    }

    private void Structured(FuzzRandom random)
    {
        if (_rlp is not null)
        {
            _rlp.Apply(_buffer, random);
        }
        else if (_text is not null)
        {
            _text.Apply(_buffer, random);
        }
        else
        {
            Seed(random);
            _bytes.Apply(_buffer, random);
        }

        if (random.OneIn(5))
        {
            _bytes.Apply(_buffer, random);
        }
    }

    private void Generate(FuzzRandom random)
    {
        if (_rlp is not null)
        {
            RlpChanges.Generate(_buffer, random);
        }
        else if (_text is not null)
        {
            _text.Generate(_buffer, random);
        }
        else
        {
            // The head of a real one, so that a decoder goes on to read the noise behind it.
            Seed(random);
            random.Fill(_buffer.Span[random.Below(_buffer.Length)..]);
        }
    }

    private void Noise(FuzzRandom random)
    {
        Span<byte> noise = stackalloc byte[random.Below(LongestNoise)];
        random.Fill(noise);
        _buffer.Clear();
        _buffer.Append(noise);
    }

    private void Seed(FuzzRandom random)
    {
        _buffer.Clear();
        _buffer.Append(random.Pick(_seeds));
    }
}
