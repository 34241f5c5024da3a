using Basilisk.Store.Memory;

namespace Basilisk.Store.Tests.Conformance;

public sealed class MemoryEventStoreTests : EventStoreTests
{
    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new MemoryStore(Clock));
}

public sealed class MemoryDocumentStoreTests : DocumentStoreTests
{
    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new MemoryStore(Clock));
}

public sealed class MemoryProjectionTests : ProjectionTests
{
    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new MemoryStore(Clock));
}
