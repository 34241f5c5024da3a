using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Chain.Validation;
using Basilisk.Chain.Validation.Header;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Chainstate;

/// <summary>Checks headers without keeping them, their work first and on all cores. Thread-safe.</summary>
internal sealed class HeaderChecks(ChainRules rules, TimeProvider time)
{
    /// <summary>From here on a batch's work is checked on all cores.</summary>
    private const int ParallelFrom = 64;

    /// <summary>How many of a batch, from its start, hold in isolation.</summary>
    public int Proven(IReadOnlyList<BlockHeader> headers, Func<Hash256, bool> isKnown, out Refusal? refusal)
    {
        var refusals = new Refusal?[headers.Count];
        void Check(int i) => refusals[i] = isKnown(headers[i].Hash) ? null : rules.Isolation.CheckHeader(headers[i]);
        if (headers.Count >= ParallelFrom)
        {
            Parallel.For(0, headers.Count, Check);
        }
        else
        {
            for (int i = 0; i < headers.Count; i++)
            {
                Check(i);
            }
        }

        int first = Array.FindIndex(refusals, each => each is not null);
        refusal = first < 0 ? null : refusals[first];
        return first < 0 ? headers.Count : first;
    }

    public Refusal? CheckClock(BlockHeader header) => HeaderRules.CheckClock(rules.Parameters, header, (ulong)time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>The end of a chain with more headers on top, every rule checked.</summary>
    public Verdict<ChainHead> Follow(ChainHead end, IReadOnlyList<BlockHeader> headers)
    {
        int proven = Proven(headers, _ => false, out Refusal? unproven);
        for (int i = 0; i < proven; i++)
        {
            if ((HeaderRules.Check(rules.Parameters, end, headers[i]) ?? CheckClock(headers[i])) is { } refusal)
            {
                return refusal;
            }

            end = end.Extend(headers[i], rules.Parameters.Difficulty);
        }

        return unproven is null ? end : unproven;
    }
}
