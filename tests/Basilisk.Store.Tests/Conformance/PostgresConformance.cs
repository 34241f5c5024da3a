using Basilisk.Store.Tests.Support;

namespace Basilisk.Store.Tests.Conformance;

public sealed class PostgresEventStoreTests(ClusterFixture cluster) : EventStoreTests
{
    protected override async Task<IStore> OpenAsync() => await cluster.OpenAsync(time: Clock);
}

public sealed class PostgresDocumentStoreTests(ClusterFixture cluster) : DocumentStoreTests
{
    protected override async Task<IStore> OpenAsync() => await cluster.OpenAsync(time: Clock);
}

public sealed class PostgresProjectionTests(ClusterFixture cluster) : ProjectionTests
{
    protected override async Task<IStore> OpenAsync() => await cluster.OpenAsync(time: Clock);
}
