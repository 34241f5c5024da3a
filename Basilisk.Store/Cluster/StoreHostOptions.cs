using Basilisk.Store.Postgres;

namespace Basilisk.Store.Cluster;

/// <summary>Where a node's store comes from.</summary>
public sealed record StoreHostOptions
{
    /// <summary>A server that runs already; goes before everything else.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The private cluster to start otherwise.</summary>
    public ClusterOptions? Cluster { get; init; }

    /// <summary>Settings of the store on either.</summary>
    public PostgresStoreOptions Store { get; init; } = new();
}
