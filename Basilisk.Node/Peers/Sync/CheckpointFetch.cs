using Basilisk.Chain.Refusals;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Exact.Shapes;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Sync;

/// <summary>Gets a checkpoint from several peers, each chunk checked against its root. Its size is known from the model's shape.</summary>
internal sealed class CheckpointFetch(Hash256 root, ModelShape shape)
{
    private readonly byte[] _bytes = new byte[CheckpointCodec.HeaderSize + ((long)shape.ParameterCount * sizeof(int))];

    /// <summary>The checkpoint; null where no peer gave all of it.</summary>
    public async Task<Checkpoint?> RunAsync(IReadOnlyList<IPeer> peers, CancellationToken cancellation)
    {
        IReadOnlyList<IPeer> sources = await new PeerFetch<int>(Enumerable.Range(0, ChunkedBytes.ChunkCount(_bytes.Length)), AskAsync).RunAsync(peers, cancellation);
        if (sources.Count == 0)
        {
            return null;
        }

        // Its chunks lead to a root that headers carry, so it is a checkpoint unless the whole chain is wrong.
        return CheckpointCodec.TryDecode(_bytes, shape.ParameterCount, out Checkpoint? checkpoint, out _) && checkpoint.Root == root ? checkpoint : null;
    }

    private async Task<FetchAnswer<int>> AskAsync(IPeer peer, int index, CancellationToken cancellation)
    {
        Verdict<DataChunk> answer = await peer.AskAsync<DataChunk>(new GetData(0, DataKind.Checkpoint, root, (uint)index), cancellation);
        if (!answer.TryGet(out DataChunk? chunk, out Refusal? missing))
        {
            return FetchAnswer<int>.Missing(missing);
        }

        var proof = new MerkleProof(index, ChunkedBytes.ChunkCount(_bytes.Length), chunk.Siblings);
        if (chunk.Index != index || chunk.Bytes.Length != ChunkedBytes.ChunkLength(_bytes.Length, index)
            || !MerkleTree.Verify(root, MerkleTree.LeafHash(chunk.Bytes.Span), proof))
        {
            return FetchAnswer<int>.Wrong(
                new Refusal(RefusalKind.Isolation, PeerTokens.ProofMismatch, $"Chunk {index} of checkpoint {root} does not lead to its root."), Offence.InvalidChunk);
        }

        chunk.Bytes.CopyTo(_bytes.AsMemory(index * ChunkedBytes.ChunkSize)); // places are disjoint: no lock
        return FetchAnswer<int>.Done;
    }
}
