using System.Globalization;
using Basilisk.Chain.Parameters;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Model.Inference;
using Basilisk.Node.Api.Reading;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;

namespace Basilisk.Node.Inference;

/// <summary>A model one can ask.</summary>
/// <param name="Id"><c>basilisk</c> or <c>basilisk@height</c>.</param>
/// <param name="Height">Block after which this checkpoint is in force.</param>
/// <param name="Root">The checkpoint.</param>
/// <param name="Time">Unix seconds of the tip when it was listed, for "created".</param>
public sealed record ServedModel(string Id, long Height, Hash256 Root, long Time);

/// <summary>The newest checkpoint and those of past rounds that are still held, with their weights ready to read.</summary>
public sealed class ServedModels(ChainstateService chainstate, CheckpointStore checkpoints, ProjectedChain projected)
{
    public const string Newest = "basilisk";

    /// <summary>Converted weights are kept for this many checkpoints; a dev model takes 4 MB, a larger one hundreds.</summary>
    private const int MostWeights = 3;

    private readonly Lock _gate = new();
    private readonly LinkedList<(Hash256 Root, Lazy<InferenceWeights> Weights)> _weights = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<ServedModel> List()
    {
        ChainView view = chainstate.Current;
        RoundSchedule rounds = view.State.Parameters.Rounds;
        long time = (long)view.State.Head.Header.Time;
        var models = new List<ServedModel> { Tip(view) };
        foreach (EndedRound ended in view.Trail.Ended)
        {
            // C_r is in force after the last block of round r − 1.
            long height = (long)rounds.FirstHeightOf(ended.Round) - 1;
            if (checkpoints.Find(ended.ModelRoot) is not null)
            {
                models.Add(new ServedModel(IdAt(height), height, ended.ModelRoot, time));
            }
        }

        return models;
    }

    /// <summary>The model of an id; null where it does not exist or its checkpoint is not held any more.</summary>
    public async Task<ServedModel?> FindAsync(string id, CancellationToken cancellation)
    {
        if (id == Newest)
        {
            return Tip(chainstate.Current);
        }

        if (!id.StartsWith(Newest + "@", StringComparison.Ordinal)
            || !long.TryParse(id.AsSpan(Newest.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long height)
            || await projected.BlockAsync(height.ToString(CultureInfo.InvariantCulture), cancellation) is not { } block)
        {
            return null;
        }

        Hash256 root = Hash256.Parse(block.Fact.ModelRoot);
        return checkpoints.Find(root) is not null ? new ServedModel(IdAt(height), height, root, block.Fact.Time) : null;
    }

    /// <summary>The weights; null where the checkpoint was let go since the model was found.</summary>
    public InferenceWeights? Weights(ServedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Lazy<InferenceWeights>? weights = Kept(model.Root);
        if (weights is null)
        {
            if (checkpoints.Find(model.Root) is not { } checkpoint)
            {
                return null;
            }

            weights = Keep(model.Root, checkpoint);
        }

        return weights.Value;
    }

    private static ServedModel Tip(ChainView view) => new(Newest, view.Height, view.State.ModelRoot, (long)view.State.Head.Header.Time);

    private static string IdAt(long height) => $"{Newest}@{height.ToString(CultureInfo.InvariantCulture)}";

    private Lazy<InferenceWeights>? Kept(Hash256 root)
    {
        lock (_gate)
        {
            for (LinkedListNode<(Hash256 Root, Lazy<InferenceWeights> Weights)>? node = _weights.First; node is not null; node = node.Next)
            {
                if (node.Value.Root == root)
                {
                    _weights.Remove(node);
                    _weights.AddFirst(node);
                    return node.Value.Weights;
                }
            }
        }

        return null;
    }

    private Lazy<InferenceWeights> Keep(Hash256 root, Checkpoint checkpoint)
    {
        var weights = new Lazy<InferenceWeights>(() => new InferenceWeights(checkpoint.Shape, checkpoint.Weights.Span));
        lock (_gate)
        {
            _weights.AddFirst((root, weights));
            while (_weights.Count > MostWeights)
            {
                _weights.RemoveLast();
            }
        }

        return weights;
    }
}
