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

    public string Training => Path.Combine(Root, "training");

    public string Postgres => Path.Combine(Root, "postgres");

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
            var held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return new DataDirectory(root, held);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DataDirectoryUnusableException(root, error);
        }
        catch (IOException)
        {
            throw new DataDirectoryBusyException(root, OwnerOf(lockPath));
        }
    }

    /// <summary>Takes the lock of a directory that a node has used.</summary>
    /// <exception cref="DataDirectoryMissingException">There is none.</exception>
    public static DataDirectory OpenExisting(string path) => Directory.Exists(Path.Combine(Path.GetFullPath(path), "network"))
        ? Open(path)
        : throw new DataDirectoryMissingException(Path.GetFullPath(path));

    /// <summary>The paths of a directory without its lock: for commands that only read files.</summary>
    public static DataDirectory Look(string path) => new(Path.GetFullPath(path), null);

    /// <summary>Removes everything but the keystore: chain, network, checkpoints and training state start over.</summary>
    public void Clear()
    {
        foreach (string folder in new[] { Network, Checkpoints, Training, Postgres, Logs })
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static string OwnerOf(string lockPath)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(lockPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            string text = reader.ReadToEnd().Trim();
            return text.Length > 0 ? "process " + text : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
