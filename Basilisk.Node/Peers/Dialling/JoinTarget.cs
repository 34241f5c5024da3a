using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers.Dialling;

/// <summary>Keeps one peer that the user named connected: resolves its name, dials, and dials again with growing pauses when it is gone.</summary>
internal sealed class JoinTarget(PeerName name, PeerNetwork network, TimeProvider time, ILogger log)
{
    /// <summary>How soon it is looked again whether a peer that dialled us, or is ourselves, still is.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    private readonly BackOff _pause = new();

    public PeerName Name { get; } = name;

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Verdict<IPeer> dialled = await DialAsync(cancellation);
            if (dialled.TryGet(out IPeer? peer, out Refusal? refusal))
            {
                _pause.Reset();
                await ClosedAsync(peer, cancellation);
                await Task.Delay(_pause.Next(), time, cancellation);
            }
            else if (refusal.Token is PeerTokens.AlreadyConnected or PeerTokens.Self)
            {
                _pause.Reset();
                await Task.Delay(Settled, time, cancellation);
            }
            else
            {
                TimeSpan wait = _pause.Next();
                log.JoinRetried(Name.ToString(), $"{refusal.Token}: {refusal.Detail}", wait.TotalSeconds);
                await Task.Delay(wait, time, cancellation);
            }
        }
    }

    private static async Task ClosedAsync(IPeer peer, CancellationToken cancellation)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = peer.Closed.Register(closed.SetResult);
        await closed.Task.WaitAsync(cancellation);
    }

    private async Task<Verdict<IPeer>> DialAsync(CancellationToken cancellation)
    {
        Verdict<IPeer> last = new Refusal(RefusalKind.State, PeerTokens.Unreachable, $"The name {Name.Host} is not known.");
        foreach (IPEndPoint place in await Name.ResolveAsync(cancellation))
        {
            last = await network.DialAsync(place, cancellation);
            if (!last.TryGet(out _, out Refusal? refusal) && refusal.Token is not (PeerTokens.AlreadyConnected or PeerTokens.Self))
            {
                continue; // A name may stand for several places.
            }

            return last;
        }

        return last;
    }
}
