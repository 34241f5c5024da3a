namespace Basilisk.Store;

/// <summary>The data directory was written by a major version of PostgreSQL that is not installed.</summary>
public sealed class ClusterVersionException(string directory, string dataVersion, IReadOnlyList<string> installed)
    : StoreException(
        $"The database in {directory} was written by PostgreSQL {dataVersion}; installed: {string.Join(", ", installed)}. "
        + $"Install PostgreSQL {dataVersion}, or convert the directory with pg_upgrade, or start with another directory.")
{
    public string Directory { get; } = directory;

    public string DataVersion { get; } = dataVersion;
}
