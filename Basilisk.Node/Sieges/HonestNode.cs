using System.Net;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Validation;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Hosting;
using Basilisk.Node.Options;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Sieges;

/// <summary>A whole node that joins the one under siege and follows its chain, with its events in memory. It neither mines nor trains.</summary>
internal sealed class HonestNode : IAsyncDisposable
{
    private readonly string _folder;
    private readonly NodeHost _host;

    private HonestNode(string folder, NodeHost host) => (_folder, _host) = (folder, host);

    public ChainView View => _host.Services.GetRequiredService<ChainstateService>().Current;

    /// <summary>Its connection with the node under siege; null while there is none.</summary>
    public IPeer? Link => _host.Services.GetRequiredService<PeerNetwork>().Peers.FirstOrDefault();

    public static async Task<HonestNode> StartAsync(IPEndPoint join, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("basilisk-siege-").FullName;
        var options = new NodeOptions
        {
            DataDirectory = folder,
            Storage = { InMemory = true },
            Http = { Listen = "127.0.0.1:0" },
            Training = { Enabled = false },
            Mining = { Enabled = false },
            Peers = { Join = [join.ToString()] },
        };
        try
        {
            return new HonestNode(folder, await NodeHost.StartAsync(options, fresh: false, say, time, cancellation));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>The other node as attackers see it who know the chain that this one follows.</summary>
    public SiegeTarget Target(IPEndPoint node, TimeProvider time) =>
        new(node, _host.Services.GetRequiredService<ChainRules>(), () => View, _host.Services.GetRequiredService<PrivateKey>().Address, time);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
