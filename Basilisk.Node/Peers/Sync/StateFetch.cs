using System.Numerics;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.State;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Snapshots;

namespace Basilisk.Node.Peers.Sync;

/// <summary>Gets the state after a block from several peers, each part checked against the state root in the block's header.</summary>
internal sealed class StateFetch(BlockHeader block)
{
    /// <summary>Entries that a first request should meet: half of what an answer holds, as keys do not spread perfectly.</summary>
    private const int Aimed = StateChunk.MostEntries / 2;

    /// <summary>Times that a peer may say "too many" beyond what the number of entries explains.</summary>
    private const int Spare = 64;

    private readonly Lock _gate = new();
    private readonly StateTreeBuilder _state = new(block.StateRoot);
    private readonly Dictionary<PeerId, long> _splits = [];

    /// <summary>The state; null where no peer gave all of it.</summary>
    public async Task<StateTree?> RunAsync(uint entries, IReadOnlyList<IPeer> peers, CancellationToken cancellation)
    {
        long mostSplits = Spare + (4L * entries / Aimed);
        await new PeerFetch<KeyPrefix>(Prefixes(entries), (peer, prefix, ending) => AskAsync(peer, prefix, mostSplits, ending)).RunAsync(peers, cancellation);
        lock (_gate)
        {
            return _state.IsComplete ? _state.Tree : null;
        }
    }

    /// <summary>Prefixes of equal length, as many as the entries need.</summary>
    private static IEnumerable<KeyPrefix> Prefixes(uint entries)
    {
        IEnumerable<KeyPrefix> prefixes = [KeyPrefix.Whole];
        for (int bits = BitOperations.Log2((entries / Aimed) + 1); bits > 0; bits--)
        {
            prefixes = prefixes.SelectMany(prefix => new[] { prefix.Left, prefix.Right });
        }

        return prefixes;
    }

    private async Task<FetchAnswer<KeyPrefix>> AskAsync(IPeer peer, KeyPrefix prefix, long mostSplits, CancellationToken cancellation)
    {
        Verdict<StateChunk> answer = await peer.AskAsync<StateChunk>(new GetStateChunk(0, block.Hash, prefix.Key, (uint)prefix.Bits), cancellation);
        if (!answer.TryGet(out StateChunk? chunk, out Refusal? missing))
        {
            return FetchAnswer<KeyPrefix>.Missing(missing);
        }

        lock (_gate)
        {
            if (chunk.TooMany)
            {
                long splits = _splits[peer.Id] = _splits.GetValueOrDefault(peer.Id) + 1;
                return splits <= mostSplits && prefix.Bits < KeyPrefix.MaxBits
                    ? FetchAnswer<KeyPrefix>.Split(prefix.Left, prefix.Right)
                    : FetchAnswer<KeyPrefix>.Wrong(
                        new Refusal(RefusalKind.Isolation, SnapshotTokens.StateTooLarge, "More entries than were offered.", splits, mostSplits), Offence.InvalidChunk);
            }

            var range = new StateRange(prefix, [.. chunk.Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToArray()))], chunk.Siblings);
            return _state.Add(range) is { } refusal ? FetchAnswer<KeyPrefix>.Wrong(refusal, Offence.InvalidChunk) : FetchAnswer<KeyPrefix>.Done;
        }
    }
}
