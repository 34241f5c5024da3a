namespace Basilisk.Store.Documents;

/// <summary>
/// Order of strings by code point, which is the order of their UTF-8 bytes and of PostgreSQL's collation "C".
/// <see cref="StringComparer.Ordinal"/> differs: it puts surrogate pairs (U+10000 and above) before U+E000 to U+FFFF.
/// </summary>
public sealed class KeyOrder : IComparer<string>
{
    public static KeyOrder Instance { get; } = new();

    private KeyOrder()
    {
    }

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }
        var common = x.AsSpan().CommonPrefixLength(y);
        return common == x.Length || common == y.Length
            ? x.Length.CompareTo(y.Length)
            : Rank(x[common]).CompareTo(Rank(y[common]));
    }

    // Surrogates rank above every other unit of UTF-16: they stand for code points above U+FFFF.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
