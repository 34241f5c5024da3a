using System.Net.Sockets;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers;

namespace Basilisk.Node.Sieges;

/// <summary>All attacks. A new one is one line here.</summary>
internal static class Attacks
{
    public static IReadOnlyList<Attack> All { get; } =
    [
        new("half-open-tcp", "TCP connections that say nothing.", [PeerTokens.Timeout], Connecting.SilentAsync),
        new("half-open-tls", "TLS connections that say no Hello.", [PeerTokens.Timeout], Connecting.SilentAfterTlsAsync),
        new("slow-loris", "TLS handshakes a byte at a time.", [PeerTokens.Timeout], Connecting.DrippingAsync),
        new("dripping-frame", "Peers whose frame comes a byte at a time.", [PeerTokens.Stalled], Talking.DrippingFrameAsync),
        new("no-tls", "Connections that speak something else.", [PeerTokens.TlsFailed], Connecting.GarbageAsync),
        new("connection-flood", "Connections as fast as they can be made, dropped at once.", [PeerTokens.Gone, PeerTokens.TooManyConnections], Connecting.DroppingAsync),
        new("peer-flood", "As many peers as are taken, that do nothing.", [PeerTokens.TooManyConnections], Talking.SittingAsync) { AtLeast = 96 },
        new("oversize-frame", "Frames above every cap.", [PeerTokens.FrameTooLarge], Talking.OversizeAsync),
        new("garbage", "Frames of random bytes.", [PeerTokens.MessageUnknown], Talking.GarbageAsync),
        new("invalid-header", "Announced blocks without their work.", [Tokens.WorkInsufficient], Talking.HeaderWithoutWorkAsync),
        new("invalid-block", "Announced blocks with their work whose state is wrong.", [Tokens.StateRootMismatch], Talking.BlockWithWrongStateAsync),
        new("announcement-flood", "Announced transactions that nobody has, as fast as they are taken.", [PeerTokens.Flood], Talking.AnnouncingAsync),
        new("request-flood", "Headers asked for without waiting for an answer.", [PeerTokens.Flood], Talking.AskingAsync),
        new("repeat-flood", "The same block asked for again as soon as it is given.", [PeerTokens.Flood], Talking.RepeatingAsync),
    ];

    /// <summary>How long an attacker that drips waits between two bytes.</summary>
    internal static TimeSpan Drip { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs one attempt after the other; each reason is noted.</summary>
    public static async Task RepeatAsync(Attack attack, SiegeTarget target, Action<string> heard, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await attack.TryAsync(target, stop) is { } reason)
                {
                    heard(reason);
                }
            }
            catch (Exception error) when (Node.Peers.Transport.ConnectionErrors.IsEnd(error))
            {
                if (!stop.IsCancellationRequested)
                {
                    heard(error is SocketException socket ? $"socket-{socket.SocketErrorCode}" : AttackingPeer.Closed);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), target.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
