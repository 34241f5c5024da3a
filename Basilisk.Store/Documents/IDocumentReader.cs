namespace Basilisk.Store.Documents;

/// <summary>The reading half of <see cref="IDocumentStore"/>: sees committed documents only.</summary>
public interface IDocumentReader
{
    /// <summary>The document's JSON, or null where there is none.</summary>
    Task<string?> GetAsync(string collection, string id, CancellationToken cancellationToken = default);

    /// <summary>One page of documents in key order; see <see cref="DocumentQuery"/>.</summary>
    Task<DocumentPage> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default);

    /// <summary>How many entries the query would go through; its limit and direction do not matter.</summary>
    Task<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default);
}
