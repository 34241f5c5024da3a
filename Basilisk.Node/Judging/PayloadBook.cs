using System.Collections.Concurrent;
using Basilisk.Chain.Settlement;
using Basilisk.Exact.Hashing;
using Basilisk.Store.Events;

namespace Basilisk.Node.Judging;

/// <summary>
/// Bytes of revealed payloads: those of recent rounds in memory, all others in the store. The rules ask for them synchronously,
/// so whoever calls the rules loads what they will need first.
/// </summary>
public sealed class PayloadBook(IEventStore store) : IPayloadSource
{
    private readonly ConcurrentDictionary<Hash256, ReadOnlyMemory<byte>> _held = new();

    public ReadOnlyMemory<byte> GetPayload(Hash256 payloadHash) => _held.TryGetValue(payloadHash, out ReadOnlyMemory<byte> bytes)
        ? bytes
        : throw new KeyNotFoundException($"Payload {payloadHash} is not loaded.");

    public void Hold(Hash256 payloadHash, ReadOnlyMemory<byte> bytes) => _held[payloadHash] = bytes;

    /// <summary>Loads what is not held yet.</summary>
    public async Task LoadAsync(IEnumerable<Hash256> payloads, CancellationToken cancellation)
    {
        foreach (Hash256 hash in payloads)
        {
            if (!_held.ContainsKey(hash))
            {
                _held[hash] = await store.ReadBlobAsync(new BlobKey(hash.ToArray()), cancellation);
            }
        }
    }

    /// <summary>Lets go of everything else.</summary>
    public void Keep(IReadOnlySet<Hash256> payloads)
    {
        foreach (Hash256 hash in _held.Keys.Where(hash => !payloads.Contains(hash)))
        {
            _held.TryRemove(hash, out _);
        }
    }
}
