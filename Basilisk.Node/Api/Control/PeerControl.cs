using Basilisk.Contracts;
using Basilisk.Contracts.Errors;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Failures;
using Basilisk.Node.Peers;
using Basilisk.Node.Peers.Policy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Basilisk.Node.Api.Control;

/// <summary>Peers that the operator adds, bans and pardons.</summary>
internal static class PeerControl
{
    private const double MostHours = 24 * 365;

    public static void MapPeerControl(this RouteGroupBuilder group)
    {
        group.MapPost(Routes.ControlPeers, Add).WithName("peer-add");
        group.MapPost(Routes.ControlBans, Ban).WithName("peer-ban");
        group.MapDelete(Routes.ControlBans, Unban).WithName("peer-unban");
    }

    private static PeerChange Add(string peer, PeerOperator peers)
    {
        try
        {
            return new PeerChange(peer, peers.Add(peer));
        }
        catch (SettingOutOfRangeException)
        {
            throw new BadParameterException("peer", "HOST:PORT, for example 203.0.113.5:30545");
        }
    }

    private static PeerChange Ban(string target, PeerOperator peers, double? hours = null)
    {
        double time = hours ?? OffenceWeights.BanTime.TotalHours;
        if (time is not (> 0 and <= MostHours))
        {
            throw new BadParameterException("hours", $"above 0 and at most {MostHours:0}");
        }

        return peers.Ban(Full(target, peers), TimeSpan.FromHours(time))
            ? new PeerChange(target, true)
            : throw new BadParameterException("target", "a peer's id, the beginning of a live peer's, or an address that is not this machine's");
    }

    private static Results<Ok<PeerChange>, NotFound<ApiError>> Unban(string target, PeerOperator peers, HttpContext context) => peers.Unban(target)
        ? TypedResults.Ok(new PeerChange(target, true))
        : TypedResults.NotFound(new ApiError(ErrorTokens.NotFound, $"{target} is not banned; `peers list` names the bans.", context.TraceIdentifier));

    // Ids are long: the beginning of a live peer's is enough where no other begins so.
    private static string Full(string target, PeerOperator peers) =>
        target.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && target.Length < 66 && peers.Live(target) is [PeerId only] ? only.ToString() : target;
}
