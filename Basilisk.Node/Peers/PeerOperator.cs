using System.Net;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Peers.Dialling;
using Basilisk.Node.Peers.Policy;
using Basilisk.Node.Peers.Transport;

namespace Basilisk.Node.Peers;

/// <summary>What the operator of a running node decides about its peers.</summary>
public sealed class PeerOperator(JoinTargets joins, PeerNetwork network, PeerPolicy policy)
{
    /// <summary>The reason of a ban that nobody's offence led to.</summary>
    public const string Reason = "operator";

    /// <summary>Joins a peer and keeps it connected; false where it is kept already.</summary>
    /// <exception cref="Failures.SettingOutOfRangeException">The text names no peer.</exception>
    public bool Add(string peer) => joins.Add(peer);

    /// <summary>Bans a peer by its id, or an address; the connection is closed.</summary>
    /// <returns>False where the text is neither, or the address is this machine's own.</returns>
    public bool Ban(string target, TimeSpan time)
    {
        if (Hash256.TryParse(target, out Hash256 id))
        {
            policy.Bans.Ban(new PeerId(id), time, Reason);
            return true;
        }

        return IPAddress.TryParse(target, out IPAddress? address) && policy.Bans.Ban(address, time, Reason);
    }

    /// <summary>Ends a ban and forgets the peer's points; false where there was none.</summary>
    public bool Unban(string target)
    {
        if (Hash256.TryParse(target, out Hash256 id))
        {
            policy.Scores.Clear(new PeerId(id));
            return policy.Bans.Unban(new PeerId(id));
        }

        return IPAddress.TryParse(target, out IPAddress? address) && policy.Bans.Unban(address);
    }

    /// <summary>The ids of live peers that begin with what was typed.</summary>
    public IReadOnlyList<PeerId> Live(string start) =>
        [.. network.Peers.Select(peer => peer.Id).Where(id => id.ToString().StartsWith(start, StringComparison.OrdinalIgnoreCase))];
}
