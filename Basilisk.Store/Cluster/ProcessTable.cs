using System.Globalization;
using System.Runtime.InteropServices;

namespace Basilisk.Store.Cluster;

/// <summary>Looks at processes that may not be ours to wait for, through <c>/proc</c>.</summary>
internal static class ProcessTable
{
    public const int Interrupt = 2, Quit = 3, Kill = 9;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int processId, int signal);

    /// <summary>False where the process is gone or belongs to somebody else.</summary>
    public static bool Signal(int processId, int signal) => SendSignal(processId, signal) == 0;

    /// <summary>False for a process that has ended, also where nobody has collected it yet.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            // "pid (name) state …"; the name may hold anything, hence the last bracket.
            var stat = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Living processes whose working directory this is; PostgreSQL's is its data directory.</summary>
    public static IReadOnlyList<int> WorkingIn(string folder) =>
        [.. from entry in Directory.EnumerateDirectories("/proc")
            let id = int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
            where id > 0 && IsWorkingIn(id, folder)
            select id];

    /// <summary>Whether this process works there now: a number alone may belong to somebody else by now.</summary>
    public static bool IsWorkingIn(int processId, string folder) => WorkingDirectory(processId) == folder && IsAlive(processId);

    private static string? WorkingDirectory(int processId)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ended in between, or another user's: not ours either way.
            return null;
        }
    }

    /// <summary>Looks every few milliseconds; false after <paramref name="timeout"/>.</summary>
    public static async Task<bool> WaitUntilAsync(Func<bool> reached, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (!reached())
        {
            if (time.GetElapsedTime(start) > timeout)
            {
                return false;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(15), time, cancellationToken);
        }
        return true;
    }
}
