using System.Text.Json;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Projections.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Projections;

namespace Basilisk.Node.Projections;

/// <summary>
/// A projection of the chain's events. What it wrote for a block is put back exactly when the block is disconnected; deriving
/// classes say only what a connected block means.
/// </summary>
public abstract class ChainProjection : IProjection
{
    /// <summary>A day and a half of main's blocks.</summary>
    public const int DefaultBlocksKept = 2048;

    /// <summary>
    /// Blocks whose effects can still be undone: far more than finality usually lets a reorganisation reach. Where the chain leaves a branch
    /// of more, after many empty rounds or because the operator said so, the documents are derived anew without the branches it left.
    /// </summary>
    public int BlocksKept { get; init; } = DefaultBlocksKept;

    public abstract string Name { get; }

    public abstract int Version { get; }

    public async Task ApplyAsync(IReadOnlyList<StoredEvent> page, IProjectionSession session, CancellationToken cancellationToken)
    {
        LeftBranch[] unfollowed = await UnfollowedAsync(page, session, cancellationToken);
        foreach (StoredEvent stored in page)
        {
            session.At(stored);
            DocumentWriter writer = Writer(session);
            bool isFollowed = !unfollowed.Any(branch => branch.First <= stored.Sequence && stored.Sequence <= branch.Last);
            switch (stored.Type)
            {
                case ChainEvents.NetworkCreated:
                    await GenesisAsync(Read<NetworkCreated>(stored), writer, cancellationToken);
                    break;
                case ChainEvents.SnapshotInstalled:
                    SnapshotInstalled installed = Read<SnapshotInstalled>(stored);
                    await writer.PutAsync(StartDocument.CollectionOf(Name), StartOf(installed), cancellationToken);
                    await SnapshotAsync(installed, writer, cancellationToken);
                    break;
                case ChainEvents.BlockConnected when isFollowed:
                    BlockConnected connected = Read<BlockConnected>(stored);
                    await ConnectAsync(connected, writer, cancellationToken);
                    writer.Seal(connected.Fact.Height, BlocksKept);
                    break;
                case ChainEvents.BlockDisconnected:
                    BlockDisconnected disconnected = Read<BlockDisconnected>(stored);
                    if (isFollowed)
                    {
                        await writer.UndoAsync(disconnected.Height, cancellationToken);
                    }

                    await AfterDisconnectAsync(disconnected, writer, cancellationToken);
                    break;
                case ChainEvents.PrimerMeasured:
                    await PrimerAsync(Read<PrimerMeasured>(stored), writer, cancellationToken);
                    break;
            }
        }
    }

    public async Task PrepareAsync(IEventStore events, IProjectionSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var unfollowed = new UnfollowedDocument(await LeftBranches.FindAsync(events, BlocksKept, cancellationToken));
        await Writer(session).PutAsync(UnfollowedDocument.CollectionOf(Name), unfollowed, cancellationToken);
    }

    private async Task<LeftBranch[]> UnfollowedAsync(IReadOnlyList<StoredEvent> page, IProjectionSession session, CancellationToken cancellation)
    {
        UnfollowedDocument? left = await Writer(session).GetAsync<UnfollowedDocument>(UnfollowedDocument.CollectionOf(Name), UnfollowedDocument.Id, cancellation);
        return [.. left?.Branches.Where(branch => branch.First <= page[^1].Sequence && page[0].Sequence <= branch.Last) ?? []];
    }

    private DocumentWriter Writer(IProjectionSession session) => new(session, ProjectionCodec.Instance, Name + "_undo");

    private protected virtual Task GenesisAsync(NetworkCreated created, DocumentWriter writer, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The chain goes on from a state: nothing that came before it is known but what the event says.</summary>
    private protected virtual Task SnapshotAsync(SnapshotInstalled installed, DocumentWriter writer, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Where the chain begins that this projection follows; null where that is genesis.</summary>
    private protected Task<StartDocument?> StartAsync(DocumentWriter writer, CancellationToken cancellation) =>
        writer.GetAsync<StartDocument>(StartDocument.CollectionOf(Name), StartDocument.Id, cancellation);

    private protected abstract Task ConnectAsync(BlockConnected connected, DocumentWriter writer, CancellationToken cancellation);

    /// <summary>Everything is as before the block; a projection that keeps orphans writes them here.</summary>
    private protected virtual Task AfterDisconnectAsync(BlockDisconnected disconnected, DocumentWriter writer, CancellationToken cancellation) => Task.CompletedTask;

    private protected virtual Task PrimerAsync(PrimerMeasured measured, DocumentWriter writer, CancellationToken cancellation) => Task.CompletedTask;

    private static StartDocument StartOf(SnapshotInstalled installed) =>
        new(installed.Height, installed.Hash, installed.Fact.Round, installed.Fact.Time);

    private static T Read<T>(StoredEvent stored) => JsonSerializer.Deserialize<T>(stored.Json, ChainEvents.Json)
        ?? throw new InvalidOperationException($"Event {stored.Sequence} ({stored.Type}) is null.");
}
