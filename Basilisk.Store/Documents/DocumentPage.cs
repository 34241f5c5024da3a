namespace Basilisk.Store.Documents;

/// <summary>One page of a query.</summary>
/// <param name="Documents">In key order, at most the query's limit.</param>
/// <param name="Next">Give it as <see cref="DocumentQuery.After"/> for the next page; null where this was the last.</param>
public sealed record DocumentPage(IReadOnlyList<Document> Documents, DocumentCursor? Next);
