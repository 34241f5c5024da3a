using System.Collections.Immutable;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>"Give me these blocks": whole ones, as they are stored; as many of those asked as fit into an answer.</summary>
public sealed class BlockServing(IPeerChain chain, PeerMeter meter, PeerOptions options) : IServing<GetBlocks>
{
    public async Task<PeerAnswer> AnswerAsync(IPeer peer, GetBlocks request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ImmutableArray<ReadOnlyMemory<byte>>.Builder blocks = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        long bytes = 0;
        foreach (Hash256 hash in request.Hashes)
        {
            if (bytes >= options.AnswerBytes || await chain.ReadBlockAsync(hash, cancellation) is not { } block)
            {
                break;
            }

            blocks.Add(block);
            bytes += block.Length;
        }

        meter.Served(blocks.Count);
        return blocks.Count == 0 ? new NotServed(request.RequestId, PeerTokens.NotServed) : new EncodedBlocks(request.RequestId, blocks.ToImmutable());
    }
}
