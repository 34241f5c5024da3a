namespace Basilisk.Store.Documents;

/// <summary>A document as a query found it.</summary>
/// <param name="Id">Its id in the collection.</param>
/// <param name="Key">The key under which the query found it; the id itself without an index.</param>
/// <param name="Json">Equal in meaning to what was written.</param>
public sealed record Document(string Id, string Key, string Json);
