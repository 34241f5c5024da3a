namespace Basilisk.Store;

/// <summary>The tables are not those this program works with.</summary>
public sealed class StoreSchemaMismatchException(string schema, string found, string expected, Exception? inner = null)
    : StoreException(
        $"Schema '{schema}' holds {found}; this program works with {expected}. Use the program that wrote it, another schema, or an empty database.", inner)
{
    public string Schema { get; } = schema;
}
