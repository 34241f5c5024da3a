using System.Text;

namespace Basilisk.Store.Cluster;

/// <summary>
/// The folder of the server's Unix socket: mode 0700, for whoever can open the socket is let in without a password. Normally in
/// the cluster's directory; a short one elsewhere where the path would not fit into <c>sun_path</c>.
/// </summary>
internal static class SocketFolder
{
    public const int Port = 5432;

    /// <summary>Bytes of a socket's path, without the closing zero: sizeof(sockaddr_un.sun_path) - 1.</summary>
    private const int MaxPathBytes = 107;

    private const string Elsewhere = "socket-folder";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the folder for <paramref name="user"/>, after removing what an earlier run left.</summary>
    public static async Task<string> CreateAsync(string directory, ServerUser user, CancellationToken cancellationToken)
    {
        Remove(directory);
        var folder = Path.Combine(directory, "socket");
        if (Fits(folder))
        {
            Directory.CreateDirectory(folder, OwnerOnly);
            File.SetUnixFileMode(folder, OwnerOnly);
        }
        else
        {
            folder = CreateShort();
            await File.WriteAllTextAsync(Path.Combine(directory, Elsewhere), folder, cancellationToken);
        }
        await user.TakeAsync(folder, cancellationToken);
        return folder;
    }

    /// <summary>Removes the folder; not its parent, and nothing a symbolic link points to.</summary>
    public static void Remove(string directory)
    {
        var note = Path.Combine(directory, Elsewhere);
        var folder = File.Exists(note) ? File.ReadAllText(note).Trim() : Path.Combine(directory, "socket");
        if (Directory.Exists(folder) && new DirectoryInfo(folder).LinkTarget is null)
        {
            Directory.Delete(folder, recursive: true);
        }
        File.Delete(note);
    }

    private static bool Fits(string folder) => Encoding.UTF8.GetByteCount($"{folder}/.s.PGSQL.{Port}.lock") <= MaxPathBytes;

    private static string CreateShort()
    {
        // A random name with mode 0700, made in one step: nobody can have put something else there.
        var folder = Directory.CreateTempSubdirectory("basilisk-").FullName;
        if (Fits(folder))
        {
            return folder;
        }
        Directory.Delete(folder);
        folder = Path.Combine("/tmp", "basilisk-" + Path.GetRandomFileName());
        Directory.CreateDirectory(folder, OwnerOnly);
        return folder;
    }
}
