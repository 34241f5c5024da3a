using Basilisk.Store.Memory;

namespace Basilisk.Store.Tests.Conformance;

public sealed class MemoryEventStoreTests : EventStoreTests
{
    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(new MemoryStore(Clock));
}
