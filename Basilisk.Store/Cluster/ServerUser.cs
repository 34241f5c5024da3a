using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Basilisk.Store.Cluster;

/// <summary>
/// As whom the server runs: PostgreSQL refuses root. A node that is not root runs it as itself. A node that is root prefers, in
/// this order:
/// <list type="number">
/// <item>the system user <c>postgres</c> (or <c>nobody</c>): a real drop of rights. That user must be able to reach the directory,
/// which it cannot below root's home (mode 0700).</item>
/// <item>a user namespace (<c>unshare -U</c>): works below root's home and needs no such user. The server then has no
/// capabilities but still owns root's files, so it comes second; containers often forbid it.</item>
/// <item>the system user again, with the data moved to <c>/var/lib/basilisk-…</c>; a file <c>moved-to</c> says where.</item>
/// </list>
/// Whoever owns an existing data directory is asked first, because files of one way cannot be read by the other.
/// </summary>
internal sealed record ServerUser(string Directory, string? Name, uint? UserId, uint? GroupId, bool Namespace)
{
    public const string MovedTo = "moved-to";

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUserId();

    public static bool IsRoot => EffectiveUserId() == 0;

    /// <summary>Chooses the user, and the directory that user can work in; creates and hands over the latter.</summary>
    public static async Task<ServerUser> ChooseAsync(string directory, CancellationToken cancellationToken)
    {
        if (!IsRoot)
        {
            return new ServerUser(directory, null, null, null, Namespace: false);
        }
        var moved = Path.Combine(directory, MovedTo);
        if (File.Exists(moved))
        {
            directory = (await File.ReadAllTextAsync(moved, cancellationToken)).Trim();
        }
        if (await OwnerAsync(Path.Combine(directory, "data", "PG_VERSION"), cancellationToken) is { } owner)
        {
            return owner == 0
                ? new ServerUser(directory, null, null, null, Namespace: true)
                : SystemUsers().FirstOrDefault(u => u.UserId == owner) is { Name: not null } known
                    ? known with { Directory = directory }
                    : throw new ClusterStartException(directory, $"its files belong to user id {owner}, which no longer exists; chown them to postgres", []);
        }
        var user = SystemUsers().FirstOrDefault(u => u.Name == "postgres") ?? SystemUsers().FirstOrDefault(u => u.Name == "nobody");
        if (user is not null && await HandOverAsync(user, directory, cancellationToken))
        {
            return user with { Directory = directory };
        }
        if ((await Tool.RunAsync(Unshare("true"), cancellationToken)).ExitCode == 0)
        {
            await ChownAsync(0, 0, directory, cancellationToken);
            return new ServerUser(directory, null, null, null, Namespace: true);
        }
        var elsewhere = Path.Combine("/var/lib", "basilisk-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..12]);
        System.IO.Directory.CreateDirectory(elsewhere, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user is null || !await HandOverAsync(user, elsewhere, cancellationToken))
        {
            throw new ClusterStartException(
                directory, "the node is root, PostgreSQL refuses to be, and there is neither a user 'postgres' nor a user namespace; run the node as another user or give a connection string", []);
        }
        await File.WriteAllTextAsync(moved, elsewhere, cancellationToken);
        return user with { Directory = elsewhere };
    }

    /// <summary>How to start a program as this user.</summary>
    public ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        var start = Namespace ? Unshare([program, .. arguments]) : new ProcessStartInfo(program, arguments);
        if (Name is not null)
        {
            start.UserName = Name;
        }
        foreach (var variable in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(variable);
        }
        // Messages are searched for causes: keep them in one language.
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Gives a folder to this user.</summary>
    public Task TakeAsync(string folder, CancellationToken cancellationToken) =>
        UserId is { } user && GroupId is { } group ? ChownAsync(user, group, folder, cancellationToken) : Task.CompletedTask;

    private static ProcessStartInfo Unshare(params string[] command) =>
        new(Tool.Find("unshare"), ["-U", "--map-user=1000", "--map-group=1000", "--", .. command]);

    private static async Task<bool> HandOverAsync(ServerUser user, string directory, CancellationToken cancellationToken)
    {
        await user.TakeAsync(directory, cancellationToken);
        var test = user.Start(Tool.Find("test"), ["-w", directory]);
        return (await Tool.RunAsync(test, cancellationToken)).ExitCode == 0;
    }

    private static async Task ChownAsync(uint user, uint group, string folder, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await Tool.RunAsync(new ProcessStartInfo(Tool.Find("chown"), [$"{user}:{group}", folder]), cancellationToken);
        if (exitCode != 0)
        {
            throw new ClusterStartException(folder, $"it cannot be given to user id {user}: {output.Trim()}", []);
        }
    }

    private static async Task<uint?> OwnerAsync(string file, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await Tool.RunAsync(new ProcessStartInfo(Tool.Find("stat"), ["-c", "%u", file]), cancellationToken);
        return exitCode == 0 ? uint.Parse(output.Trim(), CultureInfo.InvariantCulture) : null;
    }

    private static IEnumerable<ServerUser> SystemUsers() =>
        from line in File.ReadLines("/etc/passwd")
        let parts = line.Split(':')
        where parts.Length >= 4
        select new ServerUser(
            "", parts[0], uint.Parse(parts[2], CultureInfo.InvariantCulture), uint.Parse(parts[3], CultureInfo.InvariantCulture), Namespace: false);
}
