using Basilisk.Store;
using Basilisk.Store.Cluster;
using Xunit;

namespace Basilisk.Node.Tests.Support;

/// <summary>PostgreSQL of this machine, for tests that start whole nodes.</summary>
internal static class LocalPostgres
{
    /// <summary>Skips the test, with the reason, where there is none.</summary>
    public static async Task RequireAsync()
    {
        try
        {
            await PostgresBinaries.FindAsync(new ClusterOptions("."), TestContext.Current.CancellationToken);
        }
        catch (PostgresNotFoundException missing)
        {
            Assert.Skip(missing.Message);
        }
    }
}
