using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Flows;

/// <summary>"What network are you on?": the two small files that name everything else by hash.</summary>
/// <param name="description">Bytes of <c>network.json</c>.</param>
/// <param name="manifest">Bytes of <c>genesis.json</c>.</param>
public sealed class NetworkFlow(ReadOnlyMemory<byte> description, ReadOnlyMemory<byte> manifest) : IServing<GetNetwork>
{
    public Task<PeerAnswer> AnswerAsync(IPeer peer, GetNetwork request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool fits = description.Length is > 0 and <= NetworkDescription.MostDescription && manifest.Length is > 0 and <= NetworkDescription.MostDescription;
        return Task.FromResult<PeerAnswer>(fits
            ? new NetworkDescription(request.RequestId, description, manifest)
            : new NotServed(request.RequestId, PeerTokens.NotServed));
    }
}
