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
    /// <summary>Blocks whose effects can still be undone: far more than finality lets a reorganisation reach.</summary>
    private const int BlocksKept = 2048;

    public abstract string Name { get; }

    public abstract int Version { get; }

    public async Task ApplyAsync(IReadOnlyList<StoredEvent> page, IProjectionSession session, CancellationToken cancellationToken)
    {
        foreach (StoredEvent stored in page)
        {
            session.At(stored);
            var writer = new DocumentWriter(session, ProjectionCodec.Instance, Name + "_undo");
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
                case ChainEvents.BlockConnected:
                    BlockConnected connected = Read<BlockConnected>(stored);
                    await ConnectAsync(connected, writer, cancellationToken);
                    writer.Seal(connected.Fact.Height, BlocksKept);
                    break;
                case ChainEvents.BlockDisconnected:
                    BlockDisconnected disconnected = Read<BlockDisconnected>(stored);
                    await writer.UndoAsync(disconnected.Height, cancellationToken);
                    await AfterDisconnectAsync(disconnected, writer, cancellationToken);
                    break;
                case ChainEvents.PrimerMeasured:
                    await PrimerAsync(Read<PrimerMeasured>(stored), writer, cancellationToken);
                    break;
            }
        }
    }

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
