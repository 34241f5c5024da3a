using Basilisk.Node.Failures;
using Basilisk.Node.Genesis;
using Basilisk.Node.Observability;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Joining;

namespace Basilisk.Node.Hosting;

/// <summary>Finds out which network a node is on: what its directory holds, what the user names, what its peers are on, or a new one.</summary>
internal static class NetworkOpener
{
    /// <exception cref="NodeException">The derived type names the cause and the next step.</exception>
    public static async Task<Network> OpenAsync(
        NodeOptions options, DataDirectory directory, ErrorCounter errors, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        if (NetworkFolder.Exists(directory.Network))
        {
            return Existing(options, directory, cancellation);
        }

        if (options.Network is null && options.Peers.Join.Count > 0)
        {
            using ILoggerFactory logs = LoggerFactory.Create(logging => NodeLogging.Configure(logging, directory, errors, time));
            await new NetworkJoin(options.Peers, directory.Root, directory.Network, say, time, logs).RunAsync(cancellation);
            return NetworkFolder.Load(directory.Network, cancellation);
        }

        return Require(options, Make(options.Network ?? NodeOptions.DefaultNetwork, directory, say, time, cancellation));
    }

    private static Network Existing(NodeOptions options, DataDirectory directory, CancellationToken cancellation)
    {
        Network found = NetworkFolder.Load(directory.Network, cancellation);
        if (options.Network is { } network)
        {
            string asked = NetworkFolder.Presets.Contains(network) ? network : NetworkFolder.Load(network, cancellation).Parameters.Name;
            if (found.Parameters.Name != asked)
            {
                throw new NetworkMismatchException(directory.Root, found.Parameters.Name, asked);
            }
        }

        return Require(options, found);
    }

    private static Network Require(NodeOptions options, Network found) => options.Peers.NetworkHash is not { } expected || expected == found.Parameters.Hash
        ? found
        : throw new NetworkHashMismatchException(expected.ToString(), found.Parameters.Hash.ToString(), "The data directory");

    private static Network Make(string network, DataDirectory directory, Action<string> say, TimeProvider time, CancellationToken cancellation)
    {
        if (NetworkFolder.Presets.Contains(network))
        {
            say($"making the {network} network: corpus, tokenizer, first checkpoint");
            ulong now = (ulong)time.GetUtcNow().ToUnixTimeSeconds();
            return NetworkFolder.Create(directory.Network, network, now, Environment.ProcessorCount, null, cancellation);
        }

        if (!NetworkFolder.Exists(network))
        {
            throw new UnknownNetworkException(network);
        }

        NetworkFolder.Copy(network, directory.Network);
        return NetworkFolder.Load(directory.Network, cancellation);
    }
}
