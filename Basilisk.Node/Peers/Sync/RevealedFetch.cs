using System.Collections.Concurrent;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Sync;

/// <summary>A payload, its Keccak-256, and the height of the block that revealed it.</summary>
internal readonly record struct NamedPayload(ulong Height, Hash256 Hash, ReadOnlyMemory<byte> Bytes);

/// <summary>Gets the payloads revealed in some rounds: their blocks with a side-car, whole, each checked against its header.</summary>
/// <param name="rules">Checks a block's body against its header.</param>
/// <param name="headers">The rounds' headers, lowest first.</param>
internal sealed class RevealedFetch(ChainRules rules, IReadOnlyList<BlockHeader> headers)
{
    private readonly ConcurrentDictionary<ulong, Block> _blocks = new();

    /// <summary>The payloads in chain order; null where no peer gave all of them.</summary>
    public async Task<IReadOnlyList<NamedPayload>?> RunAsync(IReadOnlyList<IPeer> peers, CancellationToken cancellation)
    {
        Hash256 none = Block.SidecarRoot([]);
        BlockHeader[] wanted = [.. headers.Where(header => header.SidecarRoot != none)];
        await new PeerFetch<BlockHeader>(wanted, AskAsync).RunAsync(peers, cancellation);
        return _blocks.Count < wanted.Length
            ? null
            : [.. wanted.SelectMany(header => _blocks[header.Height].PayloadHashes.Zip(_blocks[header.Height].Payloads, (hash, bytes) => new NamedPayload(header.Height, hash, bytes)))];
    }

    private async Task<FetchAnswer<BlockHeader>> AskAsync(IPeer peer, BlockHeader header, CancellationToken cancellation)
    {
        Verdict<Blocks> answer = await peer.AskAsync<Blocks>(new GetBlocks(0, [header.Hash]), cancellation);
        if (!answer.TryGet(out Blocks? blocks, out Refusal? missing))
        {
            return FetchAnswer<BlockHeader>.Missing(missing);
        }

        if (blocks.Whole.Length != 1 || blocks.Whole[0].Hash != header.Hash)
        {
            return FetchAnswer<BlockHeader>.Wrong(
                new Refusal(RefusalKind.Isolation, PeerTokens.WrongAnswer, $"Not block {header.Height} {header.Hash}, which was asked for."), Offence.InvalidBlock);
        }

        if (rules.Isolation.CheckBody(blocks.Whole[0]) is { } refusal)
        {
            return FetchAnswer<BlockHeader>.Wrong(refusal, Offence.InvalidBlock);
        }

        _blocks[header.Height] = blocks.Whole[0];
        return FetchAnswer<BlockHeader>.Done;
    }
}
