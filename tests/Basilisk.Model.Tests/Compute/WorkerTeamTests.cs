using Basilisk.Compute.Devices;
using Basilisk.Compute.Threading;
using Xunit;

namespace Basilisk.Model.Tests.Compute;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_item_runs_exactly_once_and_no_worker_runs_two_at_a_time(int threads)
    {
        using var team = new WorkerTeam(threads);
        for (int job = 0; job < 200; job++)
        {
            var runs = new int[37];
            var inside = new int[threads];
            team.Run(runs.Length, (item, worker) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref inside[worker]));
                Interlocked.Increment(ref runs[item]);
                Interlocked.Decrement(ref inside[worker]);
            });
            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void A_failing_item_fails_the_job_after_the_others_have_run()
    {
        using var team = new WorkerTeam(3);
        int runs = 0;
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => team.Run(20, (item, _) =>
        {
            Interlocked.Increment(ref runs);
            if (item == 7)
            {
                throw new InvalidOperationException("item 7");
            }
        }));
        Assert.Equal("item 7", failure.Message);
        Assert.Equal(20, runs);
        team.Run(3, (_, _) => Interlocked.Increment(ref runs));
        Assert.Equal(23, runs);
    }

    [Fact]
    public void Jobs_of_several_callers_do_not_mix()
    {
        using var team = new WorkerTeam(2);
        var sums = new long[4];
        Parallel.For(0, sums.Length, caller =>
        {
            for (int job = 0; job < 50; job++)
            {
                team.Run(10, (item, _) => Interlocked.Add(ref sums[caller], item));
            }
        });
        Assert.All(sums, sum => Assert.Equal(50 * 45, sum));
    }

    [Fact]
    public void A_disposed_team_refuses_work()
    {
        var team = new WorkerTeam(2);
        team.Dispose();
        team.Dispose();
        Assert.Throws<ObjectDisposedException>(() => team.Run(1, (_, _) => { }));
    }

    [Fact]
    public void The_processor_is_always_there_and_says_what_it_is()
    {
        CpuDevice device = CpuDevice.Detect(threads: 2);
        Assert.Equal("cpu", device.Kind);
        Assert.Equal(2, device.Threads);
        Assert.True(device.MemoryBytes > 0);
        Assert.False(string.IsNullOrWhiteSpace(device.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuDevice.Detect(threads: 0));
    }
}
