using Basilisk.Store.Events;

namespace Basilisk.Store;

/// <summary>A key is already stored with other bytes, so it was not derived from them.</summary>
public sealed class BlobConflictException(BlobKey key)
    : StoreException($"Blob {key} is stored with other bytes. Nothing was written; derive a blob's key from its content.")
{
    public BlobKey Key { get; } = key;
}
