namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>Where a host is: how its node is started and reached.</summary>
/// <param name="Index">From 1.</param>
/// <param name="PeerAddress">Address and port on which it takes peers.</param>
/// <param name="HttpAddress">Address and port of its HTTP surface.</param>
/// <param name="Launcher">Words that run a program on the host; none where it is this machine.</param>
internal sealed record HostPlace(int Index, string PeerAddress, string HttpAddress, IReadOnlyList<string> Launcher);

/// <summary>The ground that hosts stand on: network namespaces with cables between them, or ports of this machine.</summary>
internal interface IHostGround : IAsyncDisposable
{
    /// <summary>Short name for results.</summary>
    string Name { get; }

    /// <summary>What this ground cannot do, each with its reason; results carry it.</summary>
    IReadOnlyList<string> Missing { get; }

    /// <summary>Whether a line can be slowed.</summary>
    bool CanSlow { get; }

    Task<HostPlace> AddAsync(int index, CancellationToken cancellation);

    /// <summary>Cuts every line between the named hosts and the others.</summary>
    Task SplitAsync(IReadOnlyList<HostProcess> left, IReadOnlyList<HostProcess> right, CancellationToken cancellation);

    /// <summary>Makes all lines whole again.</summary>
    Task HealAsync(CancellationToken cancellation);

    /// <summary>Slows a host's line to about a modem's, or makes it fast again.</summary>
    Task SlowAsync(HostProcess host, bool slow, CancellationToken cancellation);

    /// <summary>A connection to a host's HTTP surface.</summary>
    ValueTask<Stream> ConnectAsync(HostPlace place, CancellationToken cancellation);
}

/// <summary>The hosts cannot be set up on this machine.</summary>
internal sealed class HostGroundException(string reason, string nextStep)
    : Failures.NodeException($"Hosts cannot be set up here: {reason.TrimEnd('.')}. {nextStep}")
{
    public override string Token => "host-ground";
}
