using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Sieges;

/// <summary>Attempts of attackers that say Hello as an honest node does, each with a key of its own, and then misbehave.</summary>
internal static class Talking
{
    /// <summary>How long an attacker waits for the next block where it can make none itself.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    public static Task<string?> SittingAsync(SiegeTarget target, CancellationToken stop) => AsPeerAsync(target, (_, _) => Task.CompletedTask, stop);

    public static Task<string?> OversizeAsync(SiegeTarget target, CancellationToken stop) =>
        AsPeerAsync(target, (peer, ended) => peer.SendAsync(new byte[] { 0x7f, 0xff, 0xff, 0xff, (byte)MessageKind.Blocks }, ended), stop);

    public static Task<string?> GarbageAsync(SiegeTarget target, CancellationToken stop) => AsPeerAsync(
        target,
        (peer, ended) =>
        {
            var frame = new byte[FrameReader.LengthBytes + 64];
            Random.Shared.NextBytes(frame);
            (frame[0], frame[1], frame[2], frame[3]) = (0, 0, 0, 64);
            return peer.SendAsync(frame, ended);
        },
        stop);

    public static Task<string?> DrippingFrameAsync(SiegeTarget target, CancellationToken stop) => AsPeerAsync(
        target,
        async (peer, ended) =>
        {
            await peer.SendAsync(new byte[] { 0, 0, 1, 0, (byte)MessageKind.NewTransactions }, ended);
            while (true)
            {
                await Task.Delay(Attacks.Drip, target.Time, ended);
                await peer.SendAsync(new byte[1], ended);
            }
        },
        stop);

    public static Task<string?> HeaderWithoutWorkAsync(SiegeTarget target, CancellationToken stop) => AnnounceAsync(target, target.WithoutWork, stop);

    public static Task<string?> BlockWithWrongStateAsync(SiegeTarget target, CancellationToken stop) => AnnounceAsync(target, target.WithWrongState, stop);

    public static Task<string?> AnnouncingAsync(SiegeTarget target, CancellationToken stop) => AsPeerAsync(
        target,
        async (peer, ended) =>
        {
            var bytes = new byte[Hash256.Size];
            while (true)
            {
                Random.Shared.NextBytes(bytes);
                await peer.SendAsync(new NewTransactions([new Hash256(bytes)]), ended);
            }
        },
        stop);

    public static Task<string?> AskingAsync(SiegeTarget target, CancellationToken stop) => AsPeerAsync(
        target,
        async (peer, ended) =>
        {
            for (ulong id = 1; true; id++)
            {
                await peer.SendAsync(new GetHeaders(id, [], Hash256.Zero), ended);
            }
        },
        stop);

    public static Task<string?> RepeatingAsync(SiegeTarget target, CancellationToken stop) => AsPeerAsync(
        target,
        async (peer, ended) =>
        {
            Hash256 block = target.Tip;
            for (ulong id = 1; true; id++)
            {
                await peer.SendAsync(new GetBlocks(id, [block]), ended);
                await peer.AnsweredAsync(ended);
            }
        },
        stop);

    private static Task<string?> AnnounceAsync(SiegeTarget target, Func<NewBlock?> make, CancellationToken stop) => AsPeerAsync(
        target,
        async (peer, ended) =>
        {
            // A block that comes too late, on a tip that is none any more, is no offence: the next one may be.
            while (true)
            {
                if (make() is { } announcement)
                {
                    await peer.SendAsync(announcement, ended);
                }

                await Task.Delay(Wait, target.Time, ended);
            }
        },
        stop);

    /// <summary>Says Hello, misbehaves, and hears what the node says until it ends the connection.</summary>
    private static async Task<string?> AsPeerAsync(SiegeTarget target, Func<AttackingPeer, CancellationToken, Task> misbehave, CancellationToken stop)
    {
        await using AttackingPeer peer = await AttackingPeer.JoinAsync(target, stop);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task misbehaving = misbehave(peer, ended.Token);
        try
        {
            return await peer.ListenAsync(stop);
        }
        finally
        {
            await ended.CancelAsync();
            await misbehaving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The connection's end is how it ends.
        }
    }
}
