using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Judging;
using Basilisk.Exact.Payloads;
using Basilisk.Simulation.World;

namespace Basilisk.Simulation.Settlement;

/// <summary>Somebody who trains beside the honest ones and whose work an attack uses.</summary>
/// <param name="Name">Names the work.</param>
/// <param name="Share">Of an honest unit's steps.</param>
/// <param name="Teach">Changes the batches; null for honest data.</param>
/// <param name="Unlearn">Batches whose loss is climbed after each step; null for none.</param>
internal sealed record Worker(string Name, double Share, Func<TokenBatch, TokenBatch>? Teach = null, Func<Hash256, int, TokenBatch>? Unlearn = null)
{
    public SparseDelta Work(Participant participant, Checkpoint from, Hash256 unit, int honestSteps)
    {
        int steps = Math.Max(1, (int)(honestSteps * Share));
        float[] progress = Unlearn is null
            ? participant.Learn(from, unit, steps, Teach)
            : participant.LearnAgainst(from, unit, steps, step => Unlearn(unit, step));
        return participant.Send(progress);
    }
}
