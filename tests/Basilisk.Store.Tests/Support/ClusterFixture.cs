using Basilisk.Store.Cluster;
using Basilisk.Store.Postgres;
using Basilisk.Store.Tests.Support;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

namespace Basilisk.Store.Tests.Support;

/// <summary>
/// One private PostgreSQL for all tests of this assembly, each of which takes a schema of its own. BASILISK_TEST_POSTGRES may name
/// a running server instead. Without either, the tests that need it are skipped with the reason.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private static int _schemas;
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "basilisk-store-tests-" + Guid.NewGuid().ToString("N")[..8]);
    private PrivateCluster? _cluster;
    private string? _connectionString;
    private string _missing = "";

    public string ConnectionString
    {
        get
        {
            Assert.SkipWhen(_connectionString is null, _missing);
            return _connectionString!;
        }
    }

    public static string NewSchema() => $"t{Interlocked.Increment(ref _schemas)}_{Environment.ProcessId}";

    public Task<PostgresStore> OpenAsync(string? schema = null, TimeProvider? time = null) => PostgresStore.OpenAsync(
        ConnectionString, new PostgresStoreOptions { Schema = schema ?? NewSchema(), PollInterval = TimeSpan.FromMilliseconds(200) }, time);

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("BASILISK_TEST_POSTGRES") is { Length: > 0 } given)
        {
            _connectionString = given;
            return;
        }
        try
        {
            _cluster = await PrivateCluster.StartAsync(new ClusterOptions(_directory) { SharedBuffersMegabytes = 32 });
            _connectionString = _cluster.ConnectionString;
        }
        catch (PostgresNotFoundException e)
        {
            _missing = e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
