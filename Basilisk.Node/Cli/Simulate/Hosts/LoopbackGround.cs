using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>
/// Hosts as processes on ports of this machine, for where there is no right to make namespaces. Lines cannot be cut: the two sides of a
/// partition ban each other instead, which closes and refuses the same connections.
/// </summary>
internal sealed class LoopbackGround : IHostGround
{
    private readonly List<(HostProcess Host, string Peer)> _bans = [];

    public string Name => "loopback";

    public IReadOnlyList<string> Missing { get; } = ["delay, loss and slow lines: all hosts share this machine's loopback"];

    public bool CanSlow => false;

    public Task<HostPlace> AddAsync(int index, CancellationToken cancellation)
    {
        // Held together, so that the system gives two different ports.
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return Task.FromResult(new HostPlace(index, Text(first), Text(second), []));
    }

    public async Task SplitAsync(IReadOnlyList<HostProcess> left, IReadOnlyList<HostProcess> right, CancellationToken cancellation)
    {
        foreach (HostProcess near in left)
        {
            foreach (HostProcess far in right)
            {
                await BanAsync(near, await far.PeerIdAsync(cancellation), cancellation);
                await BanAsync(far, await near.PeerIdAsync(cancellation), cancellation);
            }
        }
    }

    public async Task HealAsync(CancellationToken cancellation)
    {
        foreach ((HostProcess host, string peer) in _bans)
        {
            await host.CommandAsync(["peers", "unban", peer], cancellation);
        }

        _bans.Clear();
    }

    public Task SlowAsync(HostProcess host, bool slow, CancellationToken cancellation) =>
        throw new NotSupportedException("Ask CanSlow first: lines of the loopback cannot be slowed.");

    public async ValueTask<Stream> ConnectAsync(HostPlace place, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPEndPoint.Parse(place.HttpAddress), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task BanAsync(HostProcess host, string peer, CancellationToken cancellation)
    {
        await host.CommandAsync(["peers", "ban", peer], cancellation);
        _bans.Add((host, peer));
    }

    private static string Text(TcpListener listener) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
}
