using Basilisk.Exact.Payloads;
using Basilisk.Simulation.Chains;
using Basilisk.Simulation.Settlement;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation;

/// <summary>Every study of attacks: what <c>basilisk simulate adversaries</c> runs.</summary>
public static class Studies
{
    /// <summary>In the order of docs/adversaries.md.</summary>
    /// <param name="threads">Independent runs at once; results do not depend on it.</param>
    /// <param name="entries">k, the most entries per chunk of a payload, in the studies that train; null for the dev network's.</param>
    public static IReadOnlyList<IAttackStudy> All(int threads, int? entries = null)
    {
        SmallNetworkOptions network = new SettlementPlan().Network;
        return
        [
            new SettlementStudy(new SettlementPlan
            {
                Threads = threads,
                Network = network with { Payload = new PayloadLimits(entries ?? network.Payload.EntriesPerChunk, network.Payload.LevelBits) },
            }),
            new ChainAttackStudy(threads),
        ];
    }
}
