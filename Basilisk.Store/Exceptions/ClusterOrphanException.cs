namespace Basilisk.Store;

/// <summary>A server from an earlier run still holds the data directory and cannot be stopped.</summary>
public sealed class ClusterOrphanException(string directory, int processId)
    : StoreException(
        $"Process {processId} from an earlier run still holds the database in {directory} and does not stop. End it (kill -INT {processId}) and start again.")
{
    public string Directory { get; } = directory;

    public int ProcessId { get; } = processId;
}
