using Basilisk.Store.Events;

namespace Basilisk.Store;

/// <summary>No blob is stored under this key.</summary>
public sealed class BlobMissingException(BlobKey key)
    : StoreException($"Blob {key} is not in this store. It was pruned or never arrived: fetch it from a peer, or restore the store from a backup.")
{
    public BlobKey Key { get; } = key;
}
