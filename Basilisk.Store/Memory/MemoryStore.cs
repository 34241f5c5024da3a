using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Projections;

namespace Basilisk.Store.Memory;

/// <summary>The whole store in memory: for tests and throw-away nodes. Thread-safe; gone with the process.</summary>
public sealed class MemoryStore : IStore
{
    /// <param name="time">Clock for the events' timestamps.</param>
    /// <param name="capacityBytes">Simulated size of the disk: what does not fit throws <see cref="StoreDiskFullException"/>.</param>
    public MemoryStore(TimeProvider? time = null, long capacityBytes = long.MaxValue)
    {
        var capacity = new MemoryCapacity(capacityBytes);
        var documents = new MemoryDocuments(capacity);
        Capacity = capacity;
        Events = new MemoryEventStore(time ?? TimeProvider.System, capacity);
        Documents = new MemoryDocumentStore(documents);
        Projections = new MemoryProjectionStore(documents);
    }

    /// <summary>The simulated disk; can be enlarged.</summary>
    public MemoryCapacity Capacity { get; }

    public IEventStore Events { get; }

    public IDocumentStore Documents { get; }

    public IProjectionStore Projections { get; }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
