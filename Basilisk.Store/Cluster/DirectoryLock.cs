using System.Globalization;

namespace Basilisk.Store.Cluster;

/// <summary>Holds a directory for one process. The kernel lets go when the process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="ClusterInUseException">Somebody else holds it.</exception>
    public static DirectoryLock Take(string directory)
    {
        var holder = Path.Combine(directory, "node.pid");
        FileStream file;
        try
        {
            // FileShare.None is flock(2) on Linux.
            file = new FileStream(Path.Combine(directory, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new ClusterInUseException(directory, File.Exists(holder) ? $"process {File.ReadAllText(holder).Trim()}" : "another process");
        }
        File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DirectoryLock(file);
    }

    public void Dispose() => _file.Dispose();
}
