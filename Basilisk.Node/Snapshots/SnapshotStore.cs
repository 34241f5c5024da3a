using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Parameters;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Checkpoints;
using Basilisk.Store;
using Basilisk.Store.Events;

namespace Basilisk.Node.Snapshots;

/// <summary>An installed snapshot as blobs beside the log, and back. Everything read is checked against what names it.</summary>
public sealed class SnapshotStore(IEventStore store, ChainFacts facts)
{
    /// <summary>Headers in one blob: 18 MB.</summary>
    private const int HeadersPerBlob = 65_536;

    /// <summary>
    /// Writes what is large, and makes the event and the blobs that go into its append. A process that dies in between leaves bytes
    /// that nothing names and that the next attempt finds in place.
    /// </summary>
    /// <param name="content">The snapshot.</param>
    /// <param name="view">Its view.</param>
    /// <param name="headers">Every header from height 1 up to its block.</param>
    /// <param name="cancellation">Ends the writing.</param>
    public async Task<(SnapshotInstalled Event, IReadOnlyList<NewBlob> Blobs)> WriteAsync(
        SnapshotContent content, ChainView view, IReadOnlyList<BlockHeader> headers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(headers);
        foreach (Checkpoint checkpoint in content.Checkpoints)
        {
            await store.WriteBlobsAsync([new NewBlob(Key(checkpoint.Root), CheckpointCodec.Encode(checkpoint))], cancellation);
        }

        NewBlob body = Blob(SnapshotCodec.Encode(view));
        NewBlob[] runs = [.. headers.Chunk(HeadersPerBlob).Select(run => Blob([.. run.SelectMany(header => header.Encode())]))];
        NewBlob[] payloads = [.. content.Payloads.Select(Blob).DistinctBy(blob => blob.Key)];
        var names = new SnapshotBlobs(Name(body), [.. runs.Select(Name)], [.. content.Checkpoints.Select(checkpoint => checkpoint.Root)]);
        return (facts.Snapshot(view, names), [body, .. runs.DistinctBy(run => run.Key), .. payloads]);
    }

    /// <summary>Writes a view and the checkpoints that judging on it looks back at.</summary>
    /// <returns>Their keys, or null where a checkpoint is not held.</returns>
    public async Task<SnapshotBlobs?> WriteAsync(ChainView view, CheckpointStore checkpoints, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(checkpoints);
        Hash256[] roots = [.. view.Trail.PastModels.Prepend(view.State.ModelRoot).Distinct()];
        foreach (Hash256 root in roots)
        {
            if (!await store.HasBlobAsync(Key(root), cancellation))
            {
                if (checkpoints.Find(root) is not { } checkpoint)
                {
                    return null;
                }

                await store.WriteBlobsAsync([new NewBlob(Key(root), CheckpointCodec.Encode(checkpoint))], cancellation);
            }
        }

        NewBlob body = Blob(SnapshotCodec.Encode(view with { Trail = SnapshotTrail.Cut(view.Trail) }));
        await store.WriteBlobsAsync([body], cancellation);
        return new SnapshotBlobs(Name(body), [], [.. roots]);
    }

    /// <summary>Adds the headers up to the snapshot's block to a tree that begins at genesis.</summary>
    /// <returns>The block's node, or why the headers do not lead to it.</returns>
    /// <exception cref="StoreException">The store cannot be read, or misses a blob.</exception>
    public async Task<Verdict<HeaderNode>> ReadHeadersAsync(SnapshotInstalled installed, HeaderTree tree, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(installed);
        ArgumentNullException.ThrowIfNull(tree);
        HeaderNode? last = null;
        foreach (string name in installed.Headers)
        {
            if (!(await ReadAsync(name, cancellation)).TryGet(out ReadOnlyMemory<byte> run, out Refusal? changed))
            {
                return changed;
            }

            for (int at = 0; at < run.Length; at += BlockHeader.Size)
            {
                ReadOnlySpan<byte> bytes = run.Span[at..Math.Min(run.Length, at + BlockHeader.Size)];
                if (!HeaderCodec.Decode(bytes).TryGet(out BlockHeader? header, out Refusal? refusal) || !tree.Add(header).TryGet(out last, out refusal))
                {
                    return refusal;
                }
            }
        }

        return last is not null && last.Hash.ToString() == installed.Hash
            ? last
            : new Refusal(RefusalKind.Header, SnapshotTokens.HeadersMissing, "The headers do not lead to the snapshot's block.", (long?)last?.Height, installed.Height);
    }

    /// <summary>The view; its state is checked against the header.</summary>
    /// <exception cref="StoreException">The store cannot be read, or misses the blob.</exception>
    public async Task<Verdict<ChainView>> ReadViewAsync(string name, NetworkParameters parameters, HeaderNode block, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(block);
        return (await ReadAsync(name, cancellation)).TryGet(out ReadOnlyMemory<byte> bytes, out Refusal? changed)
            ? SnapshotCodec.Decode(bytes.Span, parameters, block.Head)
            : changed;
    }

    /// <summary>A checkpoint of an installed snapshot; null where the store has no sound one.</summary>
    public async Task<Checkpoint?> ReadCheckpointAsync(Hash256 root, int maximumWeights, CancellationToken cancellation)
    {
        if (!await store.HasBlobAsync(Key(root), cancellation))
        {
            return null;
        }

        ReadOnlyMemory<byte> bytes = await store.ReadBlobAsync(Key(root), cancellation);
        return CheckpointCodec.TryDecode(bytes.Span, maximumWeights, out Checkpoint? checkpoint, out _) && checkpoint.Root == root ? checkpoint : null;
    }

    private async Task<Verdict<ReadOnlyMemory<byte>>> ReadAsync(string name, CancellationToken cancellation)
    {
        Hash256 hash = Hash256.Parse(name);
        ReadOnlyMemory<byte> bytes = await store.ReadBlobAsync(Key(hash), cancellation);
        return Keccak256.Hash(bytes.Span) == hash
            ? bytes
            : new Refusal(RefusalKind.Malformed, SnapshotTokens.ChecksumMismatch, $"Blob {name} is not what its name says.");
    }

    private static NewBlob Blob(byte[] bytes) => Blob((ReadOnlyMemory<byte>)bytes);

    private static NewBlob Blob(ReadOnlyMemory<byte> bytes) => new(Key(Keccak256.Hash(bytes.Span)), bytes);

    private static BlobKey Key(Hash256 hash) => new(hash.ToArray());

    private static Hash256 Name(NewBlob blob) => new(blob.Key.ToArray());
}
