using System.Net;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Policy;

/// <summary>An address in the book, and what the node knows of it. Times are Unix seconds, 0 for never.</summary>
internal sealed class KnownAddress(IPEndPoint endPoint, string sourceGroup)
{
    private const ulong Day = 86_400;

    /// <summary>Not heard of for so long: nobody is there any more.</summary>
    private const ulong HorizonSeconds = 30 * Day;

    private const ulong WeekSeconds = 7 * Day;
    private const ulong RecentlySeconds = 600;
    private const int TriesWithoutSuccess = 3;
    private const int TriesInAWeek = 10;
    private const int MostTriesCounted = 8;
    private const double ChanceAfterRecentTry = 0.01;
    private const ulong PauseSeconds = 10;
    private const int MostDoublings = 10;
    private const double ChancePerFailure = 0.66;

    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>Group of who first named it.</summary>
    public string SourceGroup { get; } = sourceGroup;

    public PeerServices Services { get; set; }

    public ulong LastSeen { get; set; }

    public ulong LastTry { get; set; }

    public ulong LastSuccess { get; set; }

    /// <summary>Tries since the last success.</summary>
    public int Tries { get; set; }

    /// <summary>Whether it is in the table of tried addresses.</summary>
    public bool IsTried { get; set; }

    /// <summary>Whether it may give way to another address.</summary>
    public bool IsHopeless(ulong now) => LastTry + 60 < now
        && (LastSeen + HorizonSeconds < now
            || (LastSuccess == 0 && Tries >= TriesWithoutSuccess)
            || (LastSuccess + WeekSeconds < now && Tries >= TriesInAWeek));

    /// <summary>Whether it may be dialled again: twice as long after each failure in a row.</summary>
    public bool IsReady(ulong now) => Tries == 0 || now >= LastTry + (PauseSeconds << Math.Min(Tries - 1, MostDoublings));

    /// <summary>How likely it is taken when it is drawn: less after failures, and right after a try.</summary>
    public double Chance(ulong now) =>
        Math.Pow(ChancePerFailure, Math.Min(Tries, MostTriesCounted)) * (LastTry + RecentlySeconds > now ? ChanceAfterRecentTry : 1);

    public AdvertisedAddress Advertise() => new(EndPoint, Services, LastSeen);
}
