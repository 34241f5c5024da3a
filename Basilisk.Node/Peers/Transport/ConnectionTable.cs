using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Options;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// The live connections, at most one per peer. Where two nodes dial each other at once, the connection dialled by the lower id stays: both
/// sides decide alike, whatever order they see. Thread-safe.
/// </summary>
internal sealed class ConnectionTable(PeerId self, PeerOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, PeerConnection> _live = [];
    private IReadOnlyCollection<PeerConnection> _snapshot = [];

    public IReadOnlyCollection<PeerConnection> Live => Volatile.Read(ref _snapshot);

    public bool Has(PeerId peer)
    {
        lock (_gate)
        {
            return _live.ContainsKey(peer);
        }
    }

    /// <summary>Adds a connection or says why not.</summary>
    /// <param name="connection">The new one.</param>
    /// <param name="replaced">The one that gives way to it: to be closed.</param>
    public Refusal? Add(PeerConnection connection, out PeerConnection? replaced)
    {
        lock (_gate)
        {
            if (_live.TryGetValue(connection.Id, out replaced) && !Yields(replaced, connection))
            {
                replaced = null;
                return new Refusal(RefusalKind.State, PeerTokens.AlreadyConnected, "There is a connection with this peer.");
            }

            if (CheckCounts(connection, replaced) is { } refusal)
            {
                replaced = null;
                return refusal;
            }

            _live[connection.Id] = connection;
            TakeSnapshot();
            return null;
        }
    }

    public void Remove(PeerConnection connection)
    {
        lock (_gate)
        {
            if (_live.TryGetValue(connection.Id, out PeerConnection? live) && ReferenceEquals(live, connection))
            {
                _live.Remove(connection.Id);
                TakeSnapshot();
            }
        }
    }

    private bool Yields(PeerConnection old, PeerConnection young)
    {
        if (old.Reason is not null)
        {
            return true; // it is closing
        }

        bool weAreLower = self.CompareTo(young.Id) < 0;
        return old.IsInbound != young.IsInbound && young.IsInbound != weAreLower;
    }

    private Refusal? CheckCounts(PeerConnection connection, PeerConnection? replaced)
    {
        IEnumerable<PeerConnection> others = _live.Values.Where(each => each != replaced);
        if (connection.IsInbound && others.Count(each => each.IsInbound) >= options.Inbound)
        {
            return new Refusal(RefusalKind.State, PeerTokens.TooManyConnections, "The node has no room for more connections.", options.Inbound + 1, options.Inbound);
        }

        if (PeerAddress.IsShared(connection.Remote.Address))
        {
            return null;
        }

        IPAddress owner = PeerAddress.Owner(connection.Remote.Address);
        return others.Count(each => PeerAddress.Owner(each.Remote.Address).Equals(owner)) >= options.PerAddress
            ? new Refusal(RefusalKind.State, PeerTokens.TooManyConnections, "There are enough connections with this address.", options.PerAddress + 1, options.PerAddress)
            : null;
    }

    private void TakeSnapshot() => Volatile.Write(ref _snapshot, [.. _live.Values]);
}
