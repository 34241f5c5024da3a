using System.Net.Sockets;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Sieges;

/// <summary>Attempts of attackers that never become peers.</summary>
internal static class Connecting
{
    /// <summary>A TLS record of 512 bytes that begins a handshake.</summary>
    private static readonly byte[] RecordHeader = [0x16, 3, 1, 2, 0];

    public static async Task<string?> SilentAsync(SiegeTarget target, CancellationToken stop)
    {
        using Socket socket = await PeerSockets.ConnectAsync(target.Peers, stop);
        return await EndAsync(socket, stop);
    }

    public static async Task<string?> SilentAfterTlsAsync(SiegeTarget target, CancellationToken stop)
    {
        await using AttackingPeer peer = await AttackingPeer.ConnectAsync(target, stop);
        return await peer.ListenAsync(stop);
    }

    public static async Task<string?> DrippingAsync(SiegeTarget target, CancellationToken stop)
    {
        using Socket socket = await PeerSockets.ConnectAsync(target.Peers, stop);
        await socket.SendAsync(RecordHeader, stop);
        Task<string> end = EndAsync(socket, stop);
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, Task.Delay(Attacks.Drip, target.Time, stop));
            await socket.SendAsync(new byte[1], stop);
        }

        return await end;
    }

    public static async Task<string?> GarbageAsync(SiegeTarget target, CancellationToken stop)
    {
        using Socket socket = await PeerSockets.ConnectAsync(target.Peers, stop);
        var bytes = new byte[512];
        Random.Shared.NextBytes(bytes);
        bytes[0] = (byte)'G'; // no TLS record begins so
        await socket.SendAsync(bytes, stop);
        return await EndAsync(socket, stop);
    }

    public static async Task<string?> DroppingAsync(SiegeTarget target, CancellationToken stop)
    {
        using Socket socket = await PeerSockets.ConnectAsync(target.Peers, stop);
        await socket.SendAsync(RecordHeader, stop);
        return null;
    }

    private static async Task<string> EndAsync(Socket socket, CancellationToken stop)
    {
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, stop) > 0)
        {
            // A TLS alert, or nothing of interest.
        }

        return AttackingPeer.Closed;
    }
}
