using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Postgres;
using Basilisk.Store.Projections;

namespace Basilisk.Store.Cluster;

/// <summary>
/// A store together with the server it needs. Order: the connection string if given, else a private cluster from the system's
/// programs, else from the npm package's, else <see cref="PostgresNotFoundException"/>, which names all three.
/// </summary>
public sealed class StoreHost : IStore
{
    private readonly PostgresStore _store;

    private StoreHost(PostgresStore store, PrivateCluster? cluster)
    {
        _store = store;
        Cluster = cluster;
    }

    /// <summary>The private cluster; null where a connection string was given.</summary>
    public PrivateCluster? Cluster { get; }

    public IEventStore Events => _store.Events;

    public IDocumentStore Documents => _store.Documents;

    public IProjectionStore Projections => _store.Projections;

    /// <summary>Starts what has to be started and opens the store.</summary>
    /// <param name="options">Connection string, cluster, or both (the string wins).</param>
    /// <param name="log">Gets the lines of a private server.</param>
    /// <param name="time">Clock for timestamps and time-outs.</param>
    /// <param name="cancellationToken">Ends the attempt and stops what was started.</param>
    /// <exception cref="StoreException">The derived type names the cause.</exception>
    public static async Task<StoreHost> OpenAsync(
        StoreHostOptions options, Action<string>? log = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        if (!string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return new StoreHost(await PostgresStore.OpenAsync(options.ConnectionString, options.Store, time, cancellationToken), null);
        }
        if (options.Cluster is null)
        {
            throw new StoreConfigurationException(
                nameof(options.Cluster), "neither a connection string nor a directory for a private cluster is given; give one");
        }
        var cluster = await PrivateCluster.StartAsync(options.Cluster, log, time, cancellationToken);
        try
        {
            return new StoreHost(await PostgresStore.OpenAsync(cluster.ConnectionString, options.Store, time, cancellationToken), cluster);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }
}
