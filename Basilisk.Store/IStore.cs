using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Projections;

namespace Basilisk.Store;

/// <summary>
/// One store: the event log, the documents derived from it, and the progress that ties the two together.
/// Two implementations keep the same promises under the same test suite: <see cref="Memory.MemoryStore"/> and
/// <see cref="Postgres.PostgresStore"/>.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>The append-only event log and the blobs beside it: the truth.</summary>
    IEventStore Events { get; }

    /// <summary>Documents that can be queried; those of projections can be dropped and derived again.</summary>
    IDocumentStore Documents { get; }

    /// <summary>How far each projection has come, and the transaction in which it goes on.</summary>
    IProjectionStore Projections { get; }
}
