namespace Basilisk.Store.Events;

/// <summary>Bytes to store beside events under a key that the caller derived from them.</summary>
/// <param name="Key">Hash or root of the content. Which hash is the caller's matter; the store does not recompute it.</param>
/// <param name="Bytes">The content, up to <see cref="EventLimits.MaxBlobBytes"/>.</param>
public sealed record NewBlob(BlobKey Key, ReadOnlyMemory<byte> Bytes);
