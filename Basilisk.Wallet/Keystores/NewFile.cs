using System.Runtime.InteropServices;

namespace Basilisk.Wallet.Keystores;

/// <summary>
/// Gives a written file its final name unless that name is taken, in one step. File.Move looks first and renames then: on Unix
/// two writers can both find the name free, and the later one replaces the key of the earlier.
/// </summary>
internal static partial class NewFile
{
    private const int FileExists = 17; // EEXIST, the same number on Linux, macOS and the BSDs

    /// <summary>False where the name is taken. The temporary name may stay: its owner removes it.</summary>
    /// <exception cref="IOException">The file system refuses; nothing bears the final name.</exception>
    public static bool TryName(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMove(temporary, path); // there the move itself refuses to replace
        }

        if (Link(temporary, path) == 0)
        {
            return true;
        }

        // A file system without hard links (FAT, some network shares) has only the move that looks first.
        return Marshal.GetLastPInvokeError() != FileExists && TryMove(temporary, path);
    }

    private static bool TryMove(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
