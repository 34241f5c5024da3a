using System.Collections.Concurrent;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Joining;

/// <summary>Fetches content by its hash from any number of peers, each chunk checked by its proof before it is kept.</summary>
internal sealed class DataFetch(TimeProvider time)
{
    /// <summary>Chunks asked of one peer at a time.</summary>
    private const int PerPeer = 6;

    /// <summary>Shortest time between a peer's requests: serving is not to be a burden, and no peer takes more for a flood.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(2);

    /// <summary>One chunk of one peer; null where it does not give it, or gives another.</summary>
    public static async Task<DataChunk?> ChunkAsync(IPeer peer, DataKind kind, Hash256 root, int index, CancellationToken cancellation)
    {
        Verdict<DataChunk> answer = await peer.AskAsync<DataChunk>(new GetData(0, kind, root, (uint)index), cancellation);
        if (!answer.TryGet(out DataChunk? chunk, out Refusal? refusal))
        {
            if (refusal.Token == PeerTokens.Timeout)
            {
                peer.Report(Offence.Stalled, refusal);
            }

            return null;
        }

        bool proven = kind == DataKind.Tokenizer
            ? new Hash256(System.Security.Cryptography.SHA256.HashData(chunk.Bytes.Span)) == root
            : chunk.Index == index && chunk.Count <= int.MaxValue
                && MerkleTree.Verify(root, MerkleTree.LeafHash(chunk.Bytes.Span), new MerkleProof(index, (int)chunk.Count, chunk.Siblings));
        if (!proven)
        {
            peer.Report(Offence.InvalidChunk, new Refusal(RefusalKind.Isolation, PeerTokens.ProofMismatch, $"Chunk {index} of {kind} {root} does not lead to its root."));
            return null;
        }

        return chunk;
    }

    /// <summary>Fills a file; true when it is whole, false when no peer is left that gives what is missing.</summary>
    public async Task<bool> FillAsync(ChunkedFile file, DataKind kind, Hash256 root, IReadOnlyCollection<IPeer> peers, Action progress, CancellationToken cancellation)
    {
        var missing = new ConcurrentQueue<int>(file.Missing());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task flushing = FlushAsync(file, progress, ended.Token);
        try
        {
            await Task.WhenAll(peers.SelectMany(peer =>
            {
                var turn = new SemaphoreSlim(1, 1);
                return Enumerable.Range(0, PerPeer).Select(_ => WorkAsync(file, kind, root, peer, missing, turn, cancellation));
            }));
        }
        finally
        {
            await ended.CancelAsync();
            await flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It ends by cancellation; a disk that failed says so in the next line.
            file.Flush();
        }

        progress();
        return file.There == file.Count;
    }

    private async Task WorkAsync(ChunkedFile file, DataKind kind, Hash256 root, IPeer peer, ConcurrentQueue<int> missing, SemaphoreSlim turn, CancellationToken cancellation)
    {
        while (!peer.Closed.IsCancellationRequested && missing.TryDequeue(out int index))
        {
            await turn.WaitAsync(cancellation);
            try
            {
                await Task.Delay(Pace, time, cancellation);
            }
            finally
            {
                turn.Release();
            }

            DataChunk? chunk = await ChunkAsync(peer, kind, root, index, cancellation);
            if (chunk is null || chunk.Bytes.Length != file.LengthOf(index))
            {
                missing.Enqueue(index);
                return;
            }

            file.Write(index, chunk.Bytes.Span);
        }
    }

    private async Task FlushAsync(ChunkedFile file, Action progress, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(FlushInterval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            file.Flush();
            progress();
        }
    }
}
