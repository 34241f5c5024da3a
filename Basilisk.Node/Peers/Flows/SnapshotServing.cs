using Basilisk.Chain.State;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Snapshots;

namespace Basilisk.Node.Peers.Flows;

/// <summary>"Where may I enter, and with what state?": offers the newest snapshot and gives its state by chunks.</summary>
public sealed class SnapshotServing(SnapshotShelf shelf) : IServing<GetSnapshot>, IServing<GetStateChunk>
{
    /// <summary>Answers with the newest snapshot, if there is one.</summary>
    public Task<PeerAnswer> AnswerAsync(IPeer peer, GetSnapshot request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.FromResult<PeerAnswer>(shelf.Newest is { } view
            ? new SnapshotOffer(request.RequestId, view.Hash, view.State.Height, (uint)view.State.Entries.Count)
            : NotServed(request));
    }

    /// <summary>Answers with every entry under the prefix; with none where there are too many, so that the asker halves it.</summary>
    public Task<PeerAnswer> AnswerAsync(IPeer peer, GetStateChunk request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (shelf.Find(request.Block) is not { } view || !KeyPrefix.TryCreate(request.Prefix, request.Bits, out KeyPrefix prefix))
        {
            return Task.FromResult<PeerAnswer>(NotServed(request));
        }

        StateRange? range = view.State.Entries.Range(prefix, StateChunk.MostEntries);
        return Task.FromResult<PeerAnswer>(range is null
            ? new StateChunk(request.RequestId, TooMany: true, [], [])
            : new StateChunk(
                request.RequestId,
                TooMany: false,
                [.. range.Entries.Select(entry => KeyValuePair.Create(entry.Key, (ReadOnlyMemory<byte>)entry.Value))],
                [.. range.Siblings]));
    }

    private static NotServed NotServed(PeerRequest request) => new(request.RequestId, PeerTokens.NotServed);
}
