using System.Globalization;

namespace Basilisk.Store.Cluster;

/// <summary>
/// What <c>postmaster.pid</c> says, line by line: process id, data directory, start time, port, socket directory, listen address,
/// shared memory key, status.
/// </summary>
internal sealed record PostmasterFile(int ProcessId, int Port, string SocketDirectory)
{
    /// <summary>Null where there is no such file or it is not complete (a server killed while writing it).</summary>
    public static PostmasterFile? Read(string dataDirectory)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path.Combine(dataDirectory, "postmaster.pid"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        return lines.Length >= 5
            && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
            && int.TryParse(lines[3], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? new PostmasterFile(processId, port, lines[4].Trim())
                : null;
    }
}
