using System.Diagnostics;
using Npgsql;

namespace Basilisk.Store.Cluster;

/// <summary>The steps from a directory to a server that accepts connections. The caller holds the directory's lock.</summary>
internal sealed class ClusterStart(ClusterOptions options, ServerLog log, TimeProvider time)
{
    private ServerUser _user = null!;
    private string _data = "";

    /// <returns>The directory used, the server's process id, the process if it is our child, and how to connect.</returns>
    public async Task<(string Directory, int ProcessId, Process? Process, string ConnectionString)> RunAsync(CancellationToken cancellationToken)
    {
        _user = await ServerUser.ChooseAsync(options.Directory, cancellationToken);
        _data = Path.Combine(_user.Directory, "data");
        if (await AdoptAsync(cancellationToken) is { } adopted)
        {
            return (_user.Directory, adopted.ProcessId, null, PrivateCluster.Connection(adopted.SocketDirectory, adopted.Port));
        }
        var binaries = await ChooseBinariesAsync(cancellationToken);
        await InitializeAsync(binaries, cancellationToken);
        var socket = await SocketFolder.CreateAsync(_user.Directory, _user, cancellationToken);
        var process = StartServer(binaries, socket);
        var connection = PrivateCluster.Connection(socket, SocketFolder.Port);
        try
        {
            await WaitUntilReadyAsync(process, connection, cancellationToken);
        }
        catch
        {
            if (!process.HasExited)
            {
                await PrivateCluster.StopAsync(process.Id, options, time, CancellationToken.None);
            }
            process.Dispose();
            SocketFolder.Remove(_user.Directory);
            throw;
        }
        return (_user.Directory, process.Id, process, connection);
    }

    /// <summary>Takes over a healthy server of an earlier run; stops one that is not, and clears what a dead one left.</summary>
    private async Task<PostmasterFile?> AdoptAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_data))
        {
            return null;
        }
        var file = PostmasterFile.Read(_data);
        var servers = ProcessTable.WorkingIn(_data);
        if (file is not null && servers.Contains(file.ProcessId))
        {
            if (await AnswersAsync(PrivateCluster.Connection(file.SocketDirectory, file.Port), options.AdoptTimeout, () => true, cancellationToken))
            {
                log.Add($"Took over the PostgreSQL of an earlier run, process {file.ProcessId}.");
                return file;
            }
            log.Add($"Stopping the PostgreSQL of an earlier run, process {file.ProcessId}, which does not answer.");
            await PrivateCluster.StopAsync(file.ProcessId, options, time, cancellationToken);
        }
        // Sessions of a server that was killed notice it and end; until then its shared memory is in use.
        if (!await ProcessTable.WaitUntilAsync(() => ProcessTable.WorkingIn(_data).Count == 0, options.StopTimeout, time, cancellationToken))
        {
            throw new ClusterOrphanException(options.Directory, ProcessTable.WorkingIn(_data).FirstOrDefault());
        }
        // Safe now: nobody works in the data. Otherwise a process that happens to have the old number would block the start.
        File.Delete(Path.Combine(_data, "postmaster.pid"));
        return null;
    }

    private async Task<PostgresBinaries> ChooseBinariesAsync(CancellationToken cancellationToken)
    {
        var found = await PostgresBinaries.FindAsync(options, cancellationToken);
        var file = Path.Combine(_data, "PG_VERSION");
        if (!File.Exists(file))
        {
            return found[0];
        }
        var version = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        return found.FirstOrDefault(b => b.Major.ToString(System.Globalization.CultureInfo.InvariantCulture) == version)
            ?? throw new ClusterVersionException(_data, version, [.. found.Select(b => $"{b.Major} ({b.Folder})")]);
    }

    private async Task InitializeAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(_data, "PG_VERSION")))
        {
            return;
        }
        if (Directory.Exists(_data))
        {
            throw new ClusterStartException(_data, "the folder is there but holds no PG_VERSION; restore it from a backup, or remove it", []);
        }
        // Made aside and moved when complete: an interrupted initdb is not mistaken for a cluster. Each attempt has a folder of its
        // own: the initdb of a node that was killed may still be at work in the one before.
        RemoveUnfinished();
        var fresh = $"{_data}.new-{Guid.NewGuid():N}";
        var (exitCode, output) = await Tool.RunAsync(
            _user.Start(binaries.Initdb, PrivateCluster.InitdbArguments(fresh)), cancellationToken);
        foreach (var line in output.Split('\n'))
        {
            log.Add(line);
        }
        if (exitCode != 0)
        {
            throw log.Failure(options.Directory, $"initdb ended with code {exitCode}");
        }
        Directory.Move(fresh, _data);
    }

    private void RemoveUnfinished()
    {
        foreach (var folder in Directory.EnumerateDirectories(_user.Directory, "data.new*").ToList())
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException e)
            {
                // Something still writes there; the next start finds it done.
                log.Add($"An unfinished cluster in {folder} is left for later: {e.Message}");
            }
        }
    }

    private Process StartServer(PostgresBinaries binaries, string socket)
    {
        var start = Detached(_user.Start(binaries.Postgres, PrivateCluster.ServerArguments(options, _data, socket)));
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.WorkingDirectory = "/";
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => log.Add(line.Data);
        process.ErrorDataReceived += (_, line) => log.Add(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>
    /// In a session of its own, so that Ctrl-C in the node's terminal reaches the node alone, which still has to write before it
    /// stops the server. setsid replaces itself by the program: the process id stays.
    /// </summary>
    private static ProcessStartInfo Detached(ProcessStartInfo start)
    {
        const string Setsid = "/usr/bin/setsid";
        if (File.Exists(Setsid))
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.FileName = Setsid;
        }
        return start;
    }

    private async Task WaitUntilReadyAsync(Process process, string connection, CancellationToken cancellationToken)
    {
        if (await AnswersAsync(connection, options.StartTimeout, () => !process.HasExited, cancellationToken))
        {
            return;
        }
        if (process.HasExited)
        {
            // Also waits until everything it wrote has arrived.
            await process.WaitForExitAsync(cancellationToken);
            throw log.Failure(options.Directory, $"it ended with code {process.ExitCode}");
        }
        throw log.Failure(options.Directory, $"it did not answer within {options.StartTimeout.TotalSeconds:0} s");
    }

    private async Task<bool> AnswersAsync(string connectionString, TimeSpan timeout, Func<bool> goOn, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = Math.Max(1, (int)timeout.TotalSeconds) };
        while (goOn())
        {
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(cancellationToken);
                return true;
            }
            catch (NpgsqlException) when (time.GetElapsedTime(start) < timeout)
            {
                // Not yet: no socket, or "the database system is starting up".
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }
        return false;
    }
}
