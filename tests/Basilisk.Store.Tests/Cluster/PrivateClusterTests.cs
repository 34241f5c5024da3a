using System.Diagnostics;
using System.Globalization;
using Basilisk.Store.Cluster;
using Basilisk.Store.Postgres;
using Npgsql;
using static Basilisk.Store.Tests.Support.Expect;

namespace Basilisk.Store.Tests.Cluster;

public sealed class PrivateClusterTests : IClassFixture<ClusterDirectory>
{
    private readonly ClusterDirectory _directory;

    public PrivateClusterTests(ClusterDirectory directory)
    {
        directory.Require();
        _directory = directory;
    }

    [Fact]
    public async Task What_was_appended_is_there_after_a_restart()
    {
        long version;
        await using (var host = await StoreHost.OpenAsync(new StoreHostOptions { Cluster = _directory.Options }))
        {
            version = await host.Events.StreamVersionAsync("chain");
            await host.Events.AppendAsync("chain", version, [Event(1)]);
            Assert.False(host.Cluster!.Adopted);
        }
        await using var again = await StoreHost.OpenAsync(new StoreHostOptions { Cluster = _directory.Options });
        Assert.Equal(version + 1, await again.Events.StreamVersionAsync("chain"));
    }

    [Fact]
    public async Task The_server_is_not_root_has_no_network_and_a_session_of_its_own()
    {
        await using var cluster = await PrivateCluster.StartAsync(_directory.Options);

        var status = await File.ReadAllLinesAsync($"/proc/{cluster.ProcessId}/status");
        var uid = status.Single(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
        Assert.NotEqual("0", uid);
        Assert.Equal("", await ScalarAsync(cluster, "show listen_addresses"));
        Assert.Equal("UTF8", await ScalarAsync(cluster, "show server_encoding"));
        Assert.Equal("C", await ScalarAsync(cluster, "select datcollate::text from pg_database where datname = current_database()"));
        var socket = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(socket));
        // A terminal's Ctrl-C goes to the process group: the server must not be in ours.
        Assert.NotEqual(SessionOf(Environment.ProcessId), SessionOf(cluster.ProcessId));
    }

    [Fact]
    public async Task Stopping_ends_the_server_and_removes_its_socket()
    {
        var cluster = await PrivateCluster.StartAsync(_directory.Options);
        var socket = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
        await using (var store = await PostgresStore.OpenAsync(cluster.ConnectionString))
        {
            await store.Events.HighWaterMarkAsync();
            Assert.True(cluster.IsRunning);
            await cluster.StopAsync();
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Events.HighWaterMarkAsync());
        }
        Assert.False(cluster.IsRunning);
        Assert.False(Directory.Exists(socket));
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_second_node_on_the_same_directory_is_refused_and_told_who_has_it()
    {
        await using var cluster = await PrivateCluster.StartAsync(_directory.Options);
        var e = await Assert.ThrowsAsync<ClusterInUseException>(() => PrivateCluster.StartAsync(_directory.Options));
        Assert.Contains($"process {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
        Assert.True(cluster.IsRunning);
    }

    [Fact]
    public async Task After_a_kill_of_the_node_the_next_start_takes_over_the_server_with_everything_appended()
    {
        using var node = await NodeProcess.StartAsync(_directory.Path);
        var held = await Assert.ThrowsAsync<ClusterInUseException>(() => PrivateCluster.StartAsync(_directory.Options));
        Assert.Contains($"process {node.Id}", held.Message, StringComparison.Ordinal);
        await node.KillAsync();

        await using var host = await StoreHost.OpenAsync(new StoreHostOptions { Cluster = _directory.Options });

        Assert.True(host.Cluster!.Adopted);
        Assert.Equal(node.ServerId, host.Cluster.ProcessId);
        var version = await host.Events.StreamVersionAsync("chain");
        Assert.True(version > 0);
        await host.Events.AppendAsync("chain", version, [Event(2)]);
        await host.Cluster.StopAsync();
        Assert.False(host.Cluster.IsRunning);
    }

    [Fact]
    public async Task A_leftover_server_that_does_not_answer_is_stopped_and_another_started()
    {
        using var node = await NodeProcess.StartAsync(_directory.Path);
        await node.KillAsync();
        Signal("STOP", node.ServerId);
        var options = _directory.Options with { AdoptTimeout = TimeSpan.FromSeconds(1), StopTimeout = TimeSpan.FromSeconds(1) };

        await using var cluster = await PrivateCluster.StartAsync(options);

        Assert.False(cluster.Adopted);
        Assert.NotEqual(node.ServerId, cluster.ProcessId);
        Assert.Equal("1", await ScalarAsync(cluster, "select 1"));
    }

    [Fact]
    public async Task A_server_that_was_killed_is_restarted_by_recovery_and_callers_are_told_meanwhile()
    {
        var cluster = await PrivateCluster.StartAsync(_directory.Options);
        await using var store = await PostgresStore.OpenAsync(cluster.ConnectionString);
        var version = await store.Events.StreamVersionAsync("chain");
        await store.Events.AppendAsync("chain", version, [Event(1)]);
        Signal("KILL", cluster.ProcessId);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            while (true)
            {
                // Sessions end when they notice that the server is gone, which takes a moment.
                await store.Events.HighWaterMarkAsync();
            }
        }).WaitAsync(Patience);
        await cluster.DisposeAsync();

        await using var again = await PrivateCluster.StartAsync(_directory.Options);
        await using var reopened = await PostgresStore.OpenAsync(again.ConnectionString);
        Assert.Equal(version + 1, await reopened.Events.StreamVersionAsync("chain"));
    }

    [Fact]
    public async Task A_stale_pid_file_whose_number_now_belongs_to_another_program_does_not_block()
    {
        await File.WriteAllLinesAsync(
            Path.Combine(_directory.Path, "data", "postmaster.pid"),
            [Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "/somewhere", "0", "5432", "/nowhere", "", "", "ready"]);
        await using var cluster = await PrivateCluster.StartAsync(_directory.Options);
        Assert.False(cluster.Adopted);
    }

    [Fact]
    public async Task Data_of_another_major_version_is_refused_with_both_versions()
    {
        var file = Path.Combine(_directory.Path, "data", "PG_VERSION");
        var version = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, "9\n");
        try
        {
            var e = await Assert.ThrowsAsync<ClusterVersionException>(() => PrivateCluster.StartAsync(_directory.Options));
            Assert.Equal("9", e.DataVersion);
            Assert.Contains(version.Trim(), e.Message, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(file, version);
        }
    }

    [Fact]
    public async Task A_server_that_refuses_its_settings_is_reported_with_its_last_words()
    {
        var file = Path.Combine(_directory.Path, "data", "postgresql.auto.conf");
        var settings = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, "no_such_setting = 1\n");
        try
        {
            var e = await Assert.ThrowsAsync<ClusterStartException>(() => PrivateCluster.StartAsync(_directory.Options));
            Assert.Contains("no_such_setting", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(file, settings);
        }
        await using var cluster = await PrivateCluster.StartAsync(_directory.Options);
    }

    [Fact]
    public async Task A_wrong_password_is_an_authentication_failure_and_appears_nowhere()
    {
        const string Secret = "s3cret-Passw0rd";
        var file = Path.Combine(_directory.Path, "data", "pg_hba.conf");
        var rules = await File.ReadAllTextAsync(file);
        await using var cluster = await PrivateCluster.StartAsync(_directory.Options);
        await ScalarAsync(cluster, "drop role if exists guarded; create role guarded login password 'another'");
        await File.WriteAllTextAsync(file, "local all guarded scram-sha-256\n" + rules);
        try
        {
            await ScalarAsync(cluster, "select pg_reload_conf()::text");
            foreach (var password in new[] { Secret, null })
            {
                var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Username = "guarded", Password = password, Pooling = false };
                var e = await Assert.ThrowsAsync<StoreAuthenticationException>(() => PostgresStore.OpenAsync(settings.ConnectionString));
                Assert.Equal("guarded", e.User);
                Assert.DoesNotContain(Secret, e.ToString(), StringComparison.Ordinal);
            }
        }
        finally
        {
            await File.WriteAllTextAsync(file, rules);
        }
    }

    [Fact]
    public async Task The_servers_lines_reach_the_log()
    {
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using (await PrivateCluster.StartAsync(_directory.Options, lines.Enqueue))
        {
        }
        Assert.Contains(lines, l => l.Contains("ready to accept connections", StringComparison.Ordinal));
    }

    internal static async Task<string> ScalarAsync(PrivateCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }

    internal static void Signal(string name, int processId)
    {
        using var kill = Process.Start("kill", [$"-{name}", processId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string SessionOf(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
    }
}
