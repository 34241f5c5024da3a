using System.Net;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Policy;

/// <summary>The addresses a node knows. Thread-safe.</summary>
public interface IAddressBook
{
    int Count { get; }

    /// <summary>Notes an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="source">Who said so.</param>
    void Add(AdvertisedAddress address, IPAddress source);

    /// <summary>Some addresses, at random.</summary>
    /// <param name="most">At most as many.</param>
    /// <param name="may">Which of them.</param>
    IReadOnlyList<AdvertisedAddress> Sample(int most, Func<AdvertisedAddress, bool> may);

    /// <summary>An address to dial; null where none may be.</summary>
    /// <param name="untried">Only one that was never connected to: to find out whether it is any good.</param>
    /// <param name="may">Which of them.</param>
    AdvertisedAddress? Pick(bool untried, Func<AdvertisedAddress, bool> may);

    /// <summary>A connection to it was made.</summary>
    void Connected(IPEndPoint address, PeerServices services);

    /// <summary>A connection to it failed.</summary>
    void Failed(IPEndPoint address);

    /// <summary>Peers of the last run to dial first: whoever fills the book cannot choose them.</summary>
    IReadOnlyList<IPEndPoint> Anchors { get; }

    /// <summary>Keeps anchors for the next run.</summary>
    void KeepAnchors(IReadOnlyList<IPEndPoint> anchors);
}
