using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Basilisk.Node.Cli.Simulate.Hosts;

/// <summary>
/// Hosts as network namespaces of Linux: each has an address of its own on a cable (veth) to a switch (bridge). A partition is a second
/// switch; a slow line is a token bucket on the cable. Needs root.
/// </summary>
internal sealed class NamespaceGround : IHostGround
{
    private const string Switch = "bsk-a";
    private const string OtherSwitch = "bsk-b";
    private const string Root = "Run as root, or use --loopback.";
    private readonly List<int> _hosts = [];
    private readonly List<string> _missing = [];

    public string Name => "namespaces";

    public IReadOnlyList<string> Missing => _missing;

    public bool CanSlow { get; private set; }

    /// <exception cref="HostGroundException">No right, no iproute2, or no such kernel.</exception>
    public static async Task<NamespaceGround> CreateAsync(CancellationToken cancellation)
    {
        if (Environment.UserName != "root")
        {
            throw new HostGroundException("network namespaces need root", Root);
        }

        var ground = new NamespaceGround();
        await ground.RemoveSwitchesAsync();
        foreach (string bridge in new[] { Switch, OtherSwitch })
        {
            await Shell.RequireAsync(["ip", "link", "add", bridge, "type", "bridge"], "Install iproute2, or use --loopback.", cancellation);
            await Shell.RequireAsync(["ip", "link", "set", bridge, "up"], Root, cancellation);
        }

        return ground;
    }

    public async Task<HostPlace> AddAsync(int index, CancellationToken cancellation)
    {
        string host = HostName(index);
        await Shell.RunAsync(["ip", "netns", "del", host], cancellation); // of a run that was killed
        await Shell.RunAsync(["ip", "link", "del", Cable(index)], cancellation);
        _hosts.Add(index);
        string address = Address(index);
        string[][] steps =
        [
            ["ip", "netns", "add", host],
            ["ip", "link", "add", Cable(index), "type", "veth", "peer", "name", "eth0", "netns", host],
            ["ip", "link", "set", Cable(index), "master", Switch],
            ["ip", "link", "set", Cable(index), "up"],
            ["ip", "-n", host, "addr", "add", address + "/24", "dev", "eth0"],
            ["ip", "-n", host, "link", "set", "eth0", "up"],
            ["ip", "-n", host, "link", "set", "lo", "up"],
        ];
        foreach (string[] step in steps)
        {
            await Shell.RequireAsync(step, Root, cancellation);
        }

        await DelayAsync(host, cancellation);
        return new HostPlace(index, address + ":30545", "127.0.0.1:8545", ["ip", "netns", "exec", host]);
    }

    public async Task SplitAsync(IReadOnlyList<HostProcess> left, IReadOnlyList<HostProcess> right, CancellationToken cancellation)
    {
        foreach (HostProcess host in right)
        {
            await Shell.RequireAsync(["ip", "link", "set", Cable(host.Place.Index), "master", OtherSwitch], Root, cancellation);
        }
    }

    public async Task HealAsync(CancellationToken cancellation)
    {
        foreach (int host in _hosts)
        {
            await Shell.RequireAsync(["ip", "link", "set", Cable(host), "master", Switch], Root, cancellation);
        }
    }

    public async Task SlowAsync(HostProcess host, bool slow, CancellationToken cancellation)
    {
        string name = HostName(host.Place.Index);
        string[] words = slow
            ? ["tc", "-n", name, "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", "128kbit", "burst", "16kb", "latency", "400ms"]
            : ["tc", "-n", name, "qdisc", "del", "dev", "eth0", "root"];
        await Shell.RequireAsync(words, Root, cancellation);
        if (!slow)
        {
            await DelayAsync(name, cancellation);
        }
    }

    /// <summary>A socket is of the namespace in which its thread stood when it was made, and stays there.</summary>
    public async ValueTask<Stream> ConnectAsync(HostPlace place, CancellationToken cancellation)
    {
        Socket socket = await NetworkNamespace.RunInAsync(HostName(place.Index), () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
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

    public async ValueTask DisposeAsync()
    {
        foreach (int host in _hosts)
        {
            await Shell.RunAsync(["ip", "netns", "del", HostName(host)], CancellationToken.None);
            await Shell.RunAsync(["ip", "link", "del", Cable(host)], CancellationToken.None);
        }

        await RemoveSwitchesAsync();
    }

    private static string HostName(int index) => "bsk-h" + index.ToString(CultureInfo.InvariantCulture);

    private static string Cable(int index) => "bsk-v" + index.ToString(CultureInfo.InvariantCulture);

    private static string Address(int index) => "10.99.54." + index.ToString(CultureInfo.InvariantCulture);

    private async Task RemoveSwitchesAsync()
    {
        foreach (string bridge in new[] { Switch, OtherSwitch })
        {
            await Shell.RunAsync(["ip", "link", "del", bridge], CancellationToken.None);
        }
    }

    /// <summary>20 ms and one loss in a thousand each way, where the kernel has netem.</summary>
    private async Task DelayAsync(string host, CancellationToken cancellation)
    {
        (int netem, _, string reason) = await Shell.RunAsync(
            ["tc", "-n", host, "qdisc", "add", "dev", "eth0", "root", "netem", "delay", "20ms", "5ms", "loss", "0.1%"], cancellation);
        if (netem != 0 && _missing.Count == 0)
        {
            _missing.Add($"delay and loss (tc netem): {reason.Trim()}");
        }

        if (_hosts.Count == 1)
        {
            // Asked once, on the first host: a kernel without the token bucket cannot slow a line.
            (int bucket, _, string why) = await Shell.RunAsync(
                ["tc", "-n", host, "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", "1gbit", "burst", "1mb", "latency", "400ms"], cancellation);
            CanSlow = bucket == 0;
            if (bucket == 0)
            {
                await Shell.RunAsync(["tc", "-n", host, "qdisc", "del", "dev", "eth0", "root"], cancellation);
            }
            else
            {
                _missing.Add($"slow lines (tc tbf): {why.Trim()}");
            }
        }
    }
}
