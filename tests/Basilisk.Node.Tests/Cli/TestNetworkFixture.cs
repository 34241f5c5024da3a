using Basilisk.Node.Genesis;
using Xunit;

[assembly: AssemblyFixture(typeof(Basilisk.Node.Tests.Cli.TestNetworkFixture))]

namespace Basilisk.Node.Tests.Cli;

/// <summary>The test network's files, made once; each test copies them into a data directory of its own.</summary>
public sealed class TestNetworkFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestNetworkFixture()
    {
        NetworkFolder.Create(_folder["network"], "test", 1_790_000_000, 2, null, CancellationToken.None);
    }

    public string Network => _folder["network"];

    /// <summary>Copies the network into a data directory.</summary>
    public void CopyTo(string data) => NetworkFolder.Copy(Network, Path.Combine(data, "network"));

    public void Dispose() => _folder.Dispose();
}
