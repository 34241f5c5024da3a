namespace Basilisk.Store;

/// <summary>There is no space left where the store keeps its data (SQLSTATE 53100).</summary>
public sealed class StoreDiskFullException(string target, Exception? inner = null)
    : StoreException($"No space left for the store at {target}. Nothing was written; free space or enlarge the volume, then try again.", inner)
{
    public string Target { get; } = target;
}
