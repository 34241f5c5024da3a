using System.CommandLine;

namespace Basilisk.Node.Cli.Simulate;

/// <summary><c>basilisk simulate</c>: the studies behind the rules, each reproducible from a seed.</summary>
internal static class SimulateCommand
{
    public static Command Create() => new("simulate", "Measure what attacks earn, how to split a machine, how a model learns through the network, how hosts agree.")
    {
        AdversariesCommand.Create(),
        IncentivesCommand.Create(),
        Hosts.HostsCommand.Create(),
        LearningCommand.Create(),
        FuzzCommand.Create(),
        SiegeCommand.Create(),
    };
}
