using Basilisk.Node.Chainstate;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers;

/// <summary>What the node says of itself at a handshake.</summary>
public sealed class OwnHello(ChainstateService chainstate, PeerOptions options, TimeProvider time)
{
    /// <summary>What it does for others: an archive only while no block's payloads are missing.</summary>
    public PeerServices Services => PeerServices.Blocks | PeerServices.Snapshots | PeerServices.Genesis
        | (options.Archive && chainstate.HeldFrom == 0 ? PeerServices.Archive : PeerServices.None);

    /// <summary>As of now; the port is filled in by who listens.</summary>
    public Hello Say()
    {
        ChainView view = chainstate.Current;
        return new Hello(
            Hello.CurrentVersion,
            chainstate.Parameters.Hash,
            view.Hash,
            view.State.Height,
            view.State.Head.TotalWork,
            Services,
            0,
            (ulong)time.GetUtcNow().ToUnixTimeSeconds(),
            PeerAgent.Name);
    }
}
