using Basilisk.Store.Tests.Support;

namespace Basilisk.Store.Tests.Conformance;

public sealed class PostgresEventStoreTests(ClusterFixture cluster) : EventStoreTests
{
    protected override async Task<IStore> OpenAsync() => await cluster.OpenAsync(time: Clock);
}
