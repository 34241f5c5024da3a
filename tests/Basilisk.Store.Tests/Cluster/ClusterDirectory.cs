using Basilisk.Store.Cluster;

namespace Basilisk.Store.Tests.Cluster;

/// <summary>A directory with an initialised, stopped cluster, shared by the tests of a class, which run one after the other.</summary>
public sealed class ClusterDirectory : IAsyncLifetime
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "basilisk-cluster-" + Guid.NewGuid().ToString("N")[..8]);

    public ClusterOptions Options => new(Path) { SharedBuffersMegabytes = 16 };

    private string _missing = "";

    /// <summary>Call first: skips where there is no PostgreSQL.</summary>
    public void Require() => Assert.SkipWhen(_missing.Length > 0, _missing);

    public async ValueTask InitializeAsync()
    {
        try
        {
            await using var cluster = await PrivateCluster.StartAsync(Options);
        }
        catch (PostgresNotFoundException e)
        {
            _missing = e.Message;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
        return ValueTask.CompletedTask;
    }
}
