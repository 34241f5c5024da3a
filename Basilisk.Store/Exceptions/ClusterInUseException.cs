namespace Basilisk.Store;

/// <summary>Another node works on this data directory.</summary>
public sealed class ClusterInUseException(string directory, string holder)
    : StoreException($"The database in {directory} is in use by {holder}. Stop that node, or give this one a data directory of its own.")
{
    public string Directory { get; } = directory;
}
