namespace Basilisk.Store.Documents;

/// <summary>
/// One entry of a document in a secondary index. Keys may repeat across documents, and one document may have several keys in one
/// index (a transfer under both of its addresses); it is then found under each.
/// </summary>
/// <param name="Name">The index, 1 to 100 bytes of UTF-8.</param>
/// <param name="Key">The key, up to 500 bytes of UTF-8.</param>
public readonly record struct IndexKey(string Name, string Key);
