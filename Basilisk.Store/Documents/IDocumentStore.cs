namespace Basilisk.Store.Documents;

/// <summary>
/// Collections of JSON documents with a string id and secondary indices that each write declares. Documents of projections are
/// written through <see cref="Projections.IProjectionSession"/>; a collection belongs to the one who wrote to it first.
/// </summary>
/// <remarks>Keys are ordered by code point (equal to the bytes of UTF-8, collation "C"); pad numbers with zeros.</remarks>
public interface IDocumentStore : IDocumentReader
{
    /// <summary>Writes a document; it replaces the one with this id together with that one's index entries.</summary>
    /// <exception cref="CollectionOwnedException">The collection belongs to a projection.</exception>
    Task UpsertAsync(
        string collection, string id, string json, IReadOnlyList<IndexKey>? indices = null,
        CancellationToken cancellationToken = default);

    /// <summary>Removes a document and its index entries; false where there was none.</summary>
    /// <exception cref="CollectionOwnedException">The collection belongs to a projection.</exception>
    Task<bool> DeleteAsync(string collection, string id, CancellationToken cancellationToken = default);
}
