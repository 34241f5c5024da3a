using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Judging;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// What of the past a node holds: the views that a reorganisation can reach, and every checkpoint and payload that judging on top
/// of any of them asks for. A fork may stand on any of those views, not only on the tip.
/// </summary>
internal static class Retention
{
    /// <summary>Heights below the tip that views are kept for: the rounds of finality, the running one, and one to spare.</summary>
    public static ulong Reach(NetworkParameters parameters) => (parameters.FinalityRounds + 2) * (ulong)parameters.Rounds.Length;

    /// <summary>Forgets the views that lie too deep.</summary>
    public static void Prune(ViewTree views, ChainView tip)
    {
        ulong reach = Reach(tip.State.Parameters);
        views.Prune(tip.State.Height > reach ? tip.State.Height - reach : 0);
    }

    /// <summary>Checkpoints that stand on the views, with those that judging on them looks back at.</summary>
    public static HashSet<Hash256> Models(NetworkParameters parameters, IEnumerable<ChainView> views)
    {
        var models = new HashSet<Hash256> { parameters.Model.GenesisModelRoot };
        foreach (ChainView view in views)
        {
            models.Add(view.State.ModelRoot);
            models.UnionWith(view.Trail.PastModels);
        }

        return models;
    }

    /// <summary>Lets go of the checkpoints and payloads that none of the views asks for.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="views">Views that a block may still be put on.</param>
    /// <param name="results">Checkpoints that rounds were judged to lead to, before a block says so.</param>
    /// <param name="checkpoints">Trimmed.</param>
    /// <param name="payloads">Trimmed.</param>
    public static void LetGo(
        NetworkParameters parameters, IReadOnlyCollection<ChainView> views, IEnumerable<Hash256> results, CheckpointStore checkpoints, PayloadBook payloads)
    {
        HashSet<Hash256> models = Models(parameters, views);
        models.UnionWith(results);
        var held = new HashSet<Hash256>();
        foreach (ChainView view in views)
        {
            held.UnionWith(view.Trail.PreviousPayloads);
            held.UnionWith(view.State.Reveals().Select(unit => unit.PayloadHash));
        }

        checkpoints.Keep(models);
        payloads.Keep(held);
    }
}
