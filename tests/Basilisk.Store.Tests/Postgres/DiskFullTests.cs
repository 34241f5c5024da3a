using System.Diagnostics;
using System.Security.Cryptography;
using Basilisk.Store.Cluster;
using Basilisk.Store.Events;
using Basilisk.Store.Memory;
using Basilisk.Store.Postgres;
using Npgsql;
using static Basilisk.Store.Tests.Support.Expect;

namespace Basilisk.Store.Tests.Postgres;

/// <summary>No space: nothing half-written, and the store works again when there is some.</summary>
public sealed class DiskFullTests
{
    private const int BlobBytes = 1 << 20;

    [Fact]
    public async Task In_memory_a_full_disk_refuses_the_append_whole_and_takes_it_after_enlarging()
    {
        await using var store = new MemoryStore(capacityBytes: 3 * BlobBytes);
        await AppendUntilFullAsync(store.Events);
        store.Capacity.Limit += 4 * BlobBytes;
        await AssertUsableAsync(store);
    }

    [Fact]
    public async Task In_memory_a_full_disk_refuses_documents_and_a_projections_commit()
    {
        await using var store = new MemoryStore(capacityBytes: 100);
        await Assert.ThrowsAsync<StoreDiskFullException>(() => store.Documents.UpsertAsync("c", "1", $"\"{new string('x', 200)}\""));
        await using (var session = await store.Projections.BeginAsync("p"))
        {
            session.Upsert("d", "1", $"\"{new string('x', 200)}\"");
            await Assert.ThrowsAsync<StoreDiskFullException>(() => session.CommitAsync(1, 1));
        }
        Assert.Equal(0, store.Capacity.Used);
        Assert.Empty(await store.Projections.PositionsAsync());
    }

    [Fact]
    public async Task On_a_small_file_system_PostgreSQL_refuses_the_append_whole_and_takes_it_after_space_is_freed()
    {
        await using var mount = await SmallFileSystem.MountAsync();
        await using var cluster = await StartAsync(mount.Path);
        await using var store = await PostgresStore.OpenAsync(cluster.ConnectionString);
        await store.Events.AppendAsync("before", 0, [Event(1)]);
        // A fresh segment of the write-ahead log has its space already, so that the data file is what does not fit.
        await ExecuteAsync(cluster, "checkpoint; select pg_switch_wal(); create table fresh_segment (x int)");
        var filler = mount.FillBut(3 * BlobBytes);

        await AppendUntilFullAsync(store.Events);
        File.Delete(filler);
        await AssertUsableAsync(store);
        Assert.Equal(1, await store.Events.StreamVersionAsync("before"));
    }

    [Fact]
    public async Task A_cluster_that_does_not_fit_is_reported_as_a_full_disk()
    {
        await using var mount = await SmallFileSystem.MountAsync(megabytes: 8);
        await Assert.ThrowsAsync<StoreDiskFullException>(() => StartAsync(mount.Path));
    }

    private static async Task AppendUntilFullAsync(IEventStore events)
    {
        for (var i = 0; ; i++)
        {
            Assert.True(i < 10, "the disk did not fill up");
            var blob = new NewBlob(Key((byte)(i + 1)), RandomNumberGenerator.GetBytes(BlobBytes));
            var mark = await events.HighWaterMarkAsync();
            try
            {
                await events.AppendAsync("chain", i, [Event(i)], [blob]);
            }
            catch (StoreDiskFullException)
            {
                Assert.True(i > 0, "not even one fitted");
                Assert.Equal(i, await events.StreamVersionAsync("chain"));
                Assert.Equal(mark, await events.HighWaterMarkAsync());
                Assert.False(await events.HasBlobAsync(blob.Key));
                Assert.Equal(BlobBytes, (await events.ReadBlobAsync(Key((byte)i))).Length);
                return;
            }
        }
    }

    private static async Task AssertUsableAsync(IStore store)
    {
        var version = await store.Events.StreamVersionAsync("chain");
        await store.Events.AppendAsync("chain", version, [Event(99)], [new NewBlob(Key(200), RandomNumberGenerator.GetBytes(BlobBytes))]);
        Assert.Equal(BlobBytes, (await store.Events.ReadBlobAsync(Key(200))).Length);
        Assert.Equal(version + 1, await store.Events.StreamVersionAsync("chain"));
    }

    private static async Task<PrivateCluster> StartAsync(string folder)
    {
        try
        {
            return await PrivateCluster.StartAsync(new ClusterOptions(Path.Combine(folder, "pg")) { SharedBuffersMegabytes = 16 });
        }
        catch (PostgresNotFoundException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    private static async Task ExecuteAsync(PrivateCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in sql.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>A tmpfs of a given size; needs the right to mount.</summary>
    private sealed class SmallFileSystem(string path) : IAsyncDisposable
    {
        public string Path => path;

        public static async Task<SmallFileSystem> MountAsync(int megabytes = 112)
        {
            var path = Directory.CreateTempSubdirectory("basilisk-small-").FullName;
            if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0755", "none", path) != 0)
            {
                Directory.Delete(path);
                Assert.Skip("mounting a small file system is not permitted here");
            }
            await Task.CompletedTask;
            return new SmallFileSystem(path);
        }

        /// <summary>Writes a file that leaves this many bytes free.</summary>
        public string FillBut(long bytes)
        {
            var file = System.IO.Path.Combine(path, "filler");
            var size = new DriveInfo(path).AvailableFreeSpace - bytes;
            Assert.True(size > 0, $"only {size + bytes} bytes are free");
            using var stream = File.Create(file);
            var block = new byte[1 << 16];
            for (; size > 0; size -= block.Length)
            {
                stream.Write(block, 0, (int)Math.Min(size, block.Length));
            }
            return file;
        }

        public ValueTask DisposeAsync()
        {
            Run("umount", path);
            Directory.Delete(path);
            return ValueTask.CompletedTask;
        }

        private static int Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
