using System.Globalization;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Hosting;

/// <summary>
/// One node's directory: network artefacts, PostgreSQL cluster, checkpoints, keystores, training state. Held by a lock file for
/// as long as the node runs, so that two nodes never write the same data.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream? _lock;

    private DataDirectory(string root, FileStream? held)
    {
        Root = root;
        _lock = held;
    }

    public string Root { get; }

    public string Network => Path.Combine(Root, "network");

    public string Checkpoints => Path.Combine(Root, "checkpoints");

    public string Keystore => Path.Combine(Root, "keystore");

    public string Snapshots => Path.Combine(Root, "snapshots");

    public string Training => Path.Combine(Root, "training");

    public string Postgres => Path.Combine(Root, "postgres");

    /// <summary>Key, bans and addresses of the peer protocol.</summary>
    public string Peers => Path.Combine(Root, "peers");

    /// <summary>The key by which peers know the node.</summary>
    public string PeerKey => Path.Combine(Peers, "identity.pem");

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Makes the directory where it is missing and takes its lock.</summary>
    /// <exception cref="DataDirectoryBusyException">Another process holds it.</exception>
    /// <exception cref="DataDirectoryUnusableException">It cannot be made or written.</exception>
    public static DataDirectory Open(string path)
    {
        string root = Path.GetFullPath(path);
        string lockPath = Path.Combine(root, "node.lock");
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryUnusableException(root, error);
        }

        try
        {
            // FileShare.None is an exclusive flock(2) on Linux; any other share is a lock that others can have too.
            var held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(HolderPath(root), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataDirectory(root, held);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DataDirectoryUnusableException(root, error);
        }
        catch (IOException)
        {
            throw new DataDirectoryBusyException(root, OwnerOf(root));
        }
    }

    /// <summary>Takes the lock of a directory that a node has used.</summary>
    /// <exception cref="DataDirectoryMissingException">There is none.</exception>
    public static DataDirectory OpenExisting(string path) => Directory.Exists(Path.Combine(Path.GetFullPath(path), "network"))
        ? Open(path)
        : throw new DataDirectoryMissingException(Path.GetFullPath(path));

    /// <summary>The paths of a directory without its lock: for commands that only read files.</summary>
    public static DataDirectory Look(string path) => new(Path.GetFullPath(path), null);

    /// <summary>
    /// Removes everything but the keystore: chain, network, checkpoints and training state start over. A database server that an
    /// earlier run left behind is stopped first.
    /// </summary>
    /// <exception cref="Store.StoreException">That server cannot be stopped.</exception>
    public async Task ClearAsync(TimeProvider time, CancellationToken cancellation)
    {
        await Store.Cluster.PrivateCluster.RemoveAsync(new Store.Cluster.ClusterOptions(Postgres), time, cancellation);
        foreach (string folder in new[] { Network, Path.Combine(Root, "joining"), Checkpoints, Snapshots, Training, Logs })
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static string HolderPath(string root) => Path.Combine(root, "node.pid");

    private static string OwnerOf(string root)
    {
        try
        {
            string text = File.ReadAllText(HolderPath(root)).Trim();
            return text.Length > 0 ? "process " + text : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
