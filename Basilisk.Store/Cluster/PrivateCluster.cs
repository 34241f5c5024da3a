using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Basilisk.Store.Cluster;

/// <summary>
/// A PostgreSQL server of the node's own: no network, no password, one Unix socket in a folder that only its owner can enter.
/// Survives a crash of the node as an orphan at most until the next start, which adopts it or stops it.
/// </summary>
public sealed class PrivateCluster : IAsyncDisposable
{
    private const string Superuser = "basilisk";

    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly DirectoryLock _lock;
    private readonly string _directory;
    private readonly Process? _process;
    private bool _stopped;

    private PrivateCluster(
        ClusterOptions options, TimeProvider time, DirectoryLock @lock, string directory, int processId, Process? process, string connectionString)
    {
        _options = options;
        _time = time;
        _lock = @lock;
        _directory = directory;
        _process = process;
        ProcessId = processId;
        ConnectionString = connectionString;
    }

    /// <summary>For <see cref="Postgres.PostgresStore.OpenAsync"/>. Holds no secret: the socket's folder is the protection.</summary>
    public string ConnectionString { get; }

    /// <summary>The server's process.</summary>
    public int ProcessId { get; }

    /// <summary>True if the server was left over from an earlier run and taken over.</summary>
    public bool Adopted => _process is null;

    /// <summary>False once the server has ended, by <see cref="StopAsync(CancellationToken)"/> or by itself.</summary>
    public bool IsRunning => ProcessTable.IsWorkingIn(ProcessId, Path.Combine(_directory, "data"));

    /// <summary>Creates the cluster if it is new, starts it, and returns when it accepts connections.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="log">Gets every line the server writes.</param>
    /// <param name="time">Clock of the time-outs.</param>
    /// <param name="cancellationToken">Ends the attempt and stops what was started.</param>
    /// <exception cref="PostgresNotFoundException">No programs.</exception>
    /// <exception cref="ClusterInUseException">Another node has this directory.</exception>
    /// <exception cref="ClusterVersionException">The data needs another major version.</exception>
    /// <exception cref="ClusterOrphanException">A server from an earlier run cannot be stopped.</exception>
    /// <exception cref="ClusterStartException">The server did not start; the message holds its last words.</exception>
    /// <exception cref="StoreDiskFullException">No space.</exception>
    public static async Task<PrivateCluster> StartAsync(
        ClusterOptions options, Action<string>? log = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        CreateDirectory(options.Directory);
        var @lock = DirectoryLock.Take(options.Directory);
        try
        {
            var start = new ClusterStart(options, new ServerLog(log), time ?? TimeProvider.System);
            var (directory, processId, process, connectionString) = await start.RunAsync(cancellationToken);
            return new PrivateCluster(options, time ?? TimeProvider.System, @lock, directory, processId, process, connectionString);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server: SIGINT (sessions end, data is flushed), then SIGQUIT (recovery at the next start), then SIGKILL.</summary>
    /// <exception cref="ClusterOrphanException">It does not end.</exception>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_stopped)
        {
            return;
        }
        NpgsqlConnection.ClearPool(new NpgsqlConnection(ConnectionString));
        if (IsRunning)
        {
            await StopAsync(ProcessId, _options, _time, cancellationToken);
        }
        SocketFolder.Remove(_directory);
        _stopped = true;
        _lock.Dispose();
    }

    /// <summary>Removes a cluster with all its data; a server that an earlier run left behind is stopped first.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="time">Clock of the time-outs.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ClusterInUseException">Another node has this directory.</exception>
    /// <exception cref="ClusterOrphanException">A server from an earlier run cannot be stopped.</exception>
    public static async Task RemoveAsync(ClusterOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        if (!Directory.Exists(options.Directory))
        {
            return;
        }
        using (DirectoryLock.Take(options.Directory))
        {
            var moved = Path.Combine(options.Directory, ServerUser.MovedTo);
            if (File.Exists(moved))
            {
                await RemoveServerAsync((await File.ReadAllTextAsync(moved, cancellationToken)).Trim(), options, time ?? TimeProvider.System, cancellationToken);
            }
            await RemoveServerAsync(options.Directory, options, time ?? TimeProvider.System, cancellationToken);
        }
    }

    private static async Task RemoveServerAsync(string directory, ClusterOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var data = Path.Combine(directory, "data");
        if (PostmasterFile.Read(data) is { } file && ProcessTable.IsWorkingIn(file.ProcessId, data))
        {
            await StopAsync(file.ProcessId, options, time, cancellationToken);
        }
        if (!await ProcessTable.WaitUntilAsync(() => ProcessTable.WorkingIn(data).Count == 0, options.StopTimeout, time, cancellationToken))
        {
            throw new ClusterOrphanException(directory, ProcessTable.WorkingIn(data).FirstOrDefault());
        }
        SocketFolder.Remove(directory);
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
    }

    internal static async Task StopAsync(int processId, ClusterOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { ProcessTable.Interrupt, ProcessTable.Quit, ProcessTable.Kill })
        {
            ProcessTable.Signal(processId, signal);
            if (await ProcessTable.WaitUntilAsync(() => !ProcessTable.IsAlive(processId), options.StopTimeout, time, cancellationToken))
            {
                return;
            }
        }
        throw new ClusterOrphanException(options.Directory, processId);
    }

    internal static string Connection(string socketFolder, int port) => new NpgsqlConnectionStringBuilder
    {
        Host = socketFolder,
        Port = port,
        Username = Superuser,
        Database = "postgres",
        ApplicationName = "basilisk",
    }.ConnectionString;

    internal static IEnumerable<string> InitdbArguments(string data) =>
        // Trust: the socket's folder lets nobody else in, and there is no network. --no-sync: a crash now means initdb again.
        ["-D", data, "-U", Superuser, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"];

    internal static IEnumerable<string> ServerArguments(ClusterOptions options, string data, string socketFolder)
    {
        string[] settings =
        [
            "listen_addresses=", $"port={SocketFolder.Port}", "unix_socket_permissions=0700", "cluster_name=basilisk",
            $"shared_buffers={options.SharedBuffersMegabytes}MB", $"max_connections={options.MaxConnections}",
            // No replicas, hence the least log that is still safe against a crash.
            "wal_level=minimal", "max_wal_senders=0", "max_wal_size=256MB", "min_wal_size=32MB",
            // Small queries on few cores: neither parallel plans nor compilation pays.
            "jit=off", "max_parallel_workers_per_gather=0", "autovacuum_max_workers=1", "huge_pages=off",
            // Statements may hold what the node would not log.
            "log_min_error_statement=panic", "log_checkpoints=off", "log_line_prefix=", "timezone=UTC", "log_timezone=UTC",
        ];
        return ["-D", data, "-k", socketFolder, .. settings.SelectMany(s => new[] { "-c", s })];
    }

    private static void CreateDirectory(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterStartException(directory, string.Create(CultureInfo.InvariantCulture, $"the folder cannot be created ({e.Message})"), []);
        }
    }
}
