using System.Net;
using Basilisk.Chain.Refusals;

namespace Basilisk.Node.Peers.Policy;

/// <summary>Whom the node talks to: counts offences and bans who has too many.</summary>
public sealed class PeerPolicy(PeerScores scores, BanList bans, ILogger log)
{
    public PeerScores Scores { get; } = scores;

    public BanList Bans { get; } = bans;

    /// <summary>Counts an offence. True where it is the one too many: <see cref="Ban"/> is due.</summary>
    public bool Count(PeerId peer, IPAddress address, Offence offence, Refusal? refusal = null)
    {
        (double ofPeer, double ofAddress) = Scores.Add(peer, address, offence);
        log.PeerOffended(peer.Short, address.ToString(), offence, refusal?.ToString() ?? "");
        return Math.Max(ofPeer, ofAddress) >= OffenceWeights.BanScore;
    }

    /// <summary>Bans a peer and the address it was met at, for <see cref="OffenceWeights.BanTime"/>.</summary>
    /// <param name="reason">Token of the last offence.</param>
    public void Ban(PeerId peer, IPAddress address, string reason)
    {
        Scores.Clear(peer, address);
        log.PeerBanned(peer.Short, address.ToString(), OffenceWeights.BanTime.TotalHours, reason);
        Bans.Ban(peer, OffenceWeights.BanTime, reason);
        Bans.Ban(address, OffenceWeights.BanTime, reason);
    }

    /// <summary>Writes what has changed.</summary>
    public void SaveIfChanged() => Bans.SaveIfChanged();
}
