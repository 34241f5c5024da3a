using System.Collections.Immutable;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Checkpoints;

namespace Basilisk.Node.Snapshots;

/// <summary>A chunk of a checkpoint's canonical bytes with its proof.</summary>
/// <param name="Bytes">At most 64 KiB.</param>
/// <param name="Proof">Leads to the checkpoint's root.</param>
public sealed record CheckpointChunk(ReadOnlyMemory<byte> Bytes, MerkleProof Proof);

/// <summary>Cuts the checkpoints that are held into chunks. Thread-safe; a tree is hashed once and kept while others are asked for.</summary>
public sealed class CheckpointChunks(CheckpointStore checkpoints)
{
    /// <summary>Trees kept: a snapshot needs the checkpoint in force and those that judging looks back at.</summary>
    private const int TreesKept = 16;

    private readonly Lock _gate = new();
    private ImmutableList<(Hash256 Root, Lazy<MerkleTree> Tree)> _trees = [];

    /// <summary>Null where the checkpoint is not held, or has no such chunk.</summary>
    public CheckpointChunk? Find(Hash256 root, uint index)
    {
        if (checkpoints.Find(root) is not { } checkpoint)
        {
            return null;
        }

        long size = CheckpointCodec.SizeOf(checkpoint);
        if (index >= (uint)ChunkedBytes.ChunkCount(size))
        {
            return null;
        }

        var bytes = new byte[ChunkedBytes.ChunkLength(size, (int)index)];
        CheckpointCodec.Read(checkpoint, (long)index * ChunkedBytes.ChunkSize, bytes);
        return new CheckpointChunk(bytes, TreeOf(checkpoint).Prove((int)index));
    }

    private MerkleTree TreeOf(Checkpoint checkpoint)
    {
        Lazy<MerkleTree> tree;
        lock (_gate)
        {
            tree = _trees.Find(kept => kept.Root == checkpoint.Root).Tree ?? new Lazy<MerkleTree>(() => CheckpointCodec.Tree(checkpoint));
            _trees = _trees.RemoveAll(kept => kept.Root == checkpoint.Root).Insert(0, (checkpoint.Root, tree));
            if (_trees.Count > TreesKept)
            {
                _trees = _trees.RemoveAt(TreesKept);
            }
        }

        return tree.Value; // Outside the lock: hashing a large model takes a while.
    }
}
