namespace Basilisk.Node.Cli.Simulate.Hosts.Schedules;

/// <summary>Something that happens to hosts which mine and train.</summary>
internal interface IHostSchedule
{
    /// <summary>Stable kebab-case name.</summary>
    string Name { get; }

    /// <summary>Why it cannot be run on this ground; null where it can.</summary>
    string? Refuse(IHostGround ground) => null;

    /// <summary>Makes it happen, and undoes it.</summary>
    /// <returns>What was seen, in a sentence.</returns>
    Task<string> RunAsync(HostCluster cluster, CancellationToken cancellation);
}
