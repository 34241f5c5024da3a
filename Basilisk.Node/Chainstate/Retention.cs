using Basilisk.Chain.Parameters;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Settlement;
using Basilisk.Node.Checkpoints;
using Basilisk.Node.Judging;

namespace Basilisk.Node.Chainstate;

/// <summary>
/// What of the past a node holds: the views that a reorganisation can reach, and every checkpoint and payload that judging on top
/// of any of them asks for. A fork may stand on any of those views, not only on the tip.
/// </summary>
internal static class Retention
{
    /// <summary>Heights below the tip that views are kept for: the rounds of finality, the running one, and one to spare. Rounds that end empty do not
    /// count for finality, so a fork may stand deeper: its view is made again.</summary>
    public static ulong Reach(NetworkParameters parameters) => (parameters.FinalityRounds + 2) * (ulong)parameters.Rounds.Length;

    /// <summary>Forgets the views that lie too deep. They can be made again (<see cref="ViewRestorer"/>).</summary>
    /// <param name="views">The views.</param>
    /// <param name="tip">The chain.</param>
    /// <param name="fork">Height where a chain that the node is about to follow leaves this one: from there on all stay.</param>
    public static void Prune(ViewTree views, ChainView tip, ulong fork = ulong.MaxValue)
    {
        ulong reach = Reach(tip.State.Parameters);
        ulong height = tip.State.Height;
        views.Prune(Math.Min(fork, height > reach ? height - reach : 0), tip);
    }

    /// <summary>Checkpoints that stand on the views, with those that judging on them looks back at.</summary>
    public static HashSet<Hash256> Models(NetworkParameters parameters, IReadOnlyCollection<ChainView> views)
    {
        var models = new HashSet<Hash256> { parameters.Model.GenesisModelRoot };
        foreach (ChainView view in views)
        {
            models.Add(view.State.ModelRoot);
            models.UnionWith(view.Trail.PastModels);
        }

        // Deeper than the views, finality may lead back over empty rounds.
        if (views.MaxBy(view => view.Height) is { } highest)
        {
            models.UnionWith(highest.Trail.Lineage.Take((int)parameters.FinalityRounds + SettlementParameters.MaxPast + 1));
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
            held.UnionWith(view.JudgedPayloads);
        }

        checkpoints.Keep(models);
        payloads.Keep(held);
    }
}
