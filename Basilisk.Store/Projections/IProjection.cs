using Basilisk.Store.Events;

namespace Basilisk.Store.Projections;

/// <summary>Derives documents from events. Has no state of its own between pages: everything it needs to know it reads from its session.</summary>
public interface IProjection
{
    /// <summary>Stable and unique, up to 100 bytes of UTF-8.</summary>
    string Name { get; }

    /// <summary>Raise it when the documents change shape or meaning: the runner then drops them and derives them again.</summary>
    int Version { get; }

    /// <summary>
    /// Applies a page of events in ascending order. Its writes and its new position commit together or not at all, so each event
    /// counts exactly once. An exception stops this projection before the page.
    /// </summary>
    /// <exception cref="ProjectionOutdatedException">The documents cannot follow; the runner derives them anew.</exception>
    Task ApplyAsync(IReadOnlyList<StoredEvent> page, IProjectionSession session, CancellationToken cancellationToken);

    /// <summary>
    /// Called after a <see cref="ProjectionOutdatedException"/>, when the documents are gone and before the first event is applied
    /// again: what it writes is there while they are.
    /// </summary>
    /// <param name="events">All events, those that could not be followed among them.</param>
    /// <param name="session">Of the transaction that also dropped the documents.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task PrepareAsync(IEventStore events, IProjectionSession session, CancellationToken cancellationToken) => Task.CompletedTask;
}
