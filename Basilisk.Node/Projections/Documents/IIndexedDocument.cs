using System.Globalization;
using Basilisk.Store.Documents;

namespace Basilisk.Node.Projections.Documents;

/// <summary>A document that knows its id and the keys it is found under.</summary>
public interface IIndexedDocument
{
    string DocumentId { get; }

    IReadOnlyList<IndexKey> Keys();
}

/// <summary>How numbers become keys that sort as text.</summary>
public static class SortKey
{
    /// <summary>A height, round or other counter: 12 digits.</summary>
    public static string Number(long value) => value.ToString("D12", CultureInfo.InvariantCulture);

    /// <summary>A credit in nats: nano-nats in 20 digits.</summary>
    public static string Nats(double value) => ((long)Math.Round(value * 1e9)).ToString("D20", CultureInfo.InvariantCulture);

    public static string Place(long height, int index) => $"{Number(height)}/{Number(index)}";
}
