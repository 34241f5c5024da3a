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
    Task ApplyAsync(IReadOnlyList<StoredEvent> page, IProjectionSession session, CancellationToken cancellationToken);
}
