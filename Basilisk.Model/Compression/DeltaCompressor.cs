using Basilisk.Exact.Payloads;
using Basilisk.Exact.Shapes;
using Basilisk.Model.Training;

namespace Basilisk.Model.Compression;

/// <summary>
/// Turns progress into payloads: the largest entries of each chunk of 4,096 weights, quantised, while everything else stays here and is
/// added, decayed, to the next progress (error feedback; Seide et al. 2014, Karimireddy et al. 2019). What was sent is always taken away.
/// </summary>
/// <remarks>residual ← decay · residual + progress − sent. One thread at a time.</remarks>
public sealed class DeltaCompressor
{
    /// <summary>Share of the unsent rest that is still wanted a round later: old progress grows stale.</summary>
    public const double DefaultDecay = 0.95;

    /// <summary>
    /// Share of the kept rest that training starts ahead of the checkpoint with. From the checkpoint itself one learns again what the rest
    /// already holds; with all of it somebody alone drifts to where his few entries help no more (docs/learning.md).
    /// </summary>
    public const double DefaultLead = 0.5;

    private const string Letters = "BSKE";

    private readonly float[] _residual;
    private readonly PayloadLimits _limits;
    private readonly double _decay;
    private readonly ChunkQuantiser _quantiser;
    private long _rounds;

    /// <param name="dimension">Number of weights, P.</param>
    /// <param name="limits">The network's caps.</param>
    /// <param name="decay">Share of the rest that is kept per call, from 0 to 1.</param>
    public DeltaCompressor(int dimension, PayloadLimits limits, double decay = DefaultDecay)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decay, 1);
        _residual = new float[dimension];
        _limits = limits;
        _decay = decay;
        _quantiser = new ChunkQuantiser(limits);
    }

    /// <summary>What was wanted and not sent yet, [P], in weights.</summary>
    public ReadOnlySpan<float> Residual => _residual;

    /// <summary>Takes progress since the last call and returns what is to be sent; <c>PayloadCodec.Encode</c> makes its bytes.</summary>
    /// <param name="progress">[P], in weights.</param>
    /// <returns>Without entries where nothing is worth a master unit.</returns>
    /// <exception cref="ArgumentException">Another length, or a number that is not finite; nothing has changed then.</exception>
    public SparseDelta Compress(ReadOnlySpan<float> progress)
    {
        Check(progress);
        var indices = new List<int>();
        var sent = new List<int>();
        Span<double> wanted = new double[PayloadCodec.ChunkWeights];
        for (int first = 0; first < _residual.Length; first += PayloadCodec.ChunkWeights)
        {
            Span<float> residual = _residual.AsSpan(first, Math.Min(PayloadCodec.ChunkWeights, _residual.Length - first));
            Span<double> chunk = wanted[..residual.Length];
            for (int i = 0; i < chunk.Length; i++)
            {
                chunk[i] = ((_decay * residual[i]) + progress[first + i]) * MasterWeights.One;
            }

            int before = indices.Count;
            _quantiser.Quantise(chunk, first, indices, sent);
            for (int entry = before; entry < indices.Count; entry++)
            {
                chunk[indices[entry] - first] -= sent[entry];
            }

            for (int i = 0; i < chunk.Length; i++)
            {
                residual[i] = (float)(chunk[i] / MasterWeights.One);
            }
        }

        _rounds++;
        return new SparseDelta(_residual.Length, [.. indices], [.. sent]);
    }

    /// <summary>Adds to a checkpoint the part of the unsent rest to train ahead from; progress counts from there.</summary>
    /// <param name="weights">[P], in weights.</param>
    /// <param name="lead">Share of the rest as it will be wanted next, from 0 to 1.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public void AddLead(Span<float> weights, double lead = DefaultLead)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lead);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lead, 1);
        CheckLength(weights.Length, nameof(weights));
        float share = (float)(_decay * lead);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] += share * _residual[i];
        }
    }

    /// <summary>Takes back what was compressed but never reached the chain (a forfeited unit, a reorganisation).</summary>
    public void GiveBack(SparseDelta unsent)
    {
        ArgumentNullException.ThrowIfNull(unsent);
        if (unsent.Dimension != _residual.Length)
        {
            throw new ArgumentException($"A delta of {unsent.Dimension} weights does not belong to a model of {_residual.Length}.", nameof(unsent));
        }

        for (int i = 0; i < unsent.Count; i++)
        {
            _residual[unsent.Indices[i]] += (float)((double)unsent.Values[i] / MasterWeights.One);
        }
    }

    /// <summary>Forgets the unsent rest.</summary>
    public void Clear() => Array.Clear(_residual);

    /// <summary>Writes the unsent rest: 4 bytes per weight.</summary>
    public Task SaveAsync(Stream stream, CancellationToken cancellation) =>
        FloatState.SaveAsync(stream, Letters, _rounds, [_residual], cancellation);

    /// <summary>Restores a saved rest; nothing changes unless all of it is right.</summary>
    /// <exception cref="SavedStateException">Not such a file, another version, another model's size, cut short, or corrupt.</exception>
    public async Task RestoreAsync(Stream stream, CancellationToken cancellation) =>
        _rounds = await FloatState.RestoreAsync(stream, Letters, [_residual], cancellation);

    private void Check(ReadOnlySpan<float> progress)
    {
        CheckLength(progress.Length, nameof(progress));
        for (int i = 0; i < progress.Length; i++)
        {
            if (!float.IsFinite(progress[i]))
            {
                throw new ArgumentException($"Progress of weight {i} is {progress[i]}: the training step that made it diverged.", nameof(progress));
            }
        }
    }

    private void CheckLength(int length, string argument)
    {
        if (length != _residual.Length)
        {
            throw new ArgumentException($"{length} weights given; the model has {_residual.Length}.", argument);
        }
    }
}
