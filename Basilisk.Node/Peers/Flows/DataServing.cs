using Basilisk.Exact.Corpora;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Tokens;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Snapshots;

namespace Basilisk.Node.Peers.Flows;

/// <summary>"Give me a chunk": of the corpus, of a checkpoint that is held, or the tokenizer, each with what proves it.</summary>
public sealed class DataServing(TokenCorpus corpus, TokenizerTable tokenizer, CheckpointChunks checkpoints) : IServing<GetData>
{
    private readonly Lazy<MerkleTree> _corpusTree = new(() => CorpusCodec.Tree(corpus));

    public Task<PeerAnswer> AnswerAsync(IPeer peer, GetData request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        DataChunk? chunk = request.Data switch
        {
            DataKind.Corpus when request.Root == corpus.Root => Shard(request),
            DataKind.Checkpoint when checkpoints.Find(request.Root, request.Index) is { } found =>
                new DataChunk(request.RequestId, request.Index, (uint)found.Proof.LeafCount, found.Bytes, [.. found.Proof.Siblings]),
            DataKind.Tokenizer when request.Root == tokenizer.Hash && request.Index == 0 => new DataChunk(request.RequestId, 0, 1, tokenizer.ToBytes(), []),
            _ => null,
        };
        return Task.FromResult<PeerAnswer>(chunk is null ? new NotServed(request.RequestId, PeerTokens.NotServed) : chunk);
    }

    private DataChunk? Shard(GetData request)
    {
        MerkleTree tree = _corpusTree.Value;
        if (request.Index >= tree.LeafCount)
        {
            return null;
        }

        var bytes = new byte[ChunkedBytes.ChunkLength(CorpusCodec.SizeOf(corpus), (int)request.Index)];
        CorpusCodec.Read(corpus, (long)request.Index * ChunkedBytes.ChunkSize, bytes);
        return new DataChunk(request.RequestId, request.Index, (uint)tree.LeafCount, bytes, [.. tree.Prove((int)request.Index).Siblings]);
    }
}
