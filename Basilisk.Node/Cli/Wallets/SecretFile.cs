using Basilisk.Node.Failures;

namespace Basilisk.Node.Cli.Wallets;

/// <summary>Files with secrets: written for their owner only, never over another file, and read with a bound.</summary>
internal static class SecretFile
{
    private const int LargestRead = 64 * 1024;

    /// <summary>The text without its last line break.</summary>
    /// <exception cref="SecretFileException">It is missing, unreadable or too large.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            if (new FileInfo(path).Length > LargestRead)
            {
                throw new SecretFileException(path, $"it has more than {LargestRead} bytes. Name the right file.");
            }

            return (await File.ReadAllTextAsync(path, cancellation)).TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SecretFileException(path, $"{error.Message.TrimEnd('.')}. Name a file that you can read.");
        }
    }

    /// <summary>Writes a new file that only its owner can read (mode 0600).</summary>
    /// <exception cref="SecretFileException">It exists, or cannot be written.</exception>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            await using var writer = new StreamWriter(new FileStream(path, options));
            await writer.WriteLineAsync(text.AsMemory(), cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SecretFileException(path, $"{error.Message.TrimEnd('.')}. Name a new file in a folder that you can write.");
        }
    }
}
