namespace Basilisk.Store;

/// <summary>A collection belongs to whoever wrote to it first: a rebuild must be able to drop it whole.</summary>
public sealed class CollectionOwnedException(string collection, string owner, string writer)
    : StoreException(
        $"Collection '{collection}' belongs to {Name(owner)}; {Name(writer)} may not write to it. Write to a collection of its own.")
{
    public string Collection { get; } = collection;

    /// <summary>Name of the owning projection; empty for documents written without one.</summary>
    public string Owner { get; } = owner;

    private static string Name(string owner) => owner.Length == 0 ? "the application" : $"projection '{owner}'";
}
