using System.Buffers.Text;
using System.Text;

namespace Basilisk.Store.Documents;

/// <summary>Place of a document in an order of keys. The id decides between equal keys.</summary>
public readonly record struct DocumentCursor(string Key, string Id)
{
    /// <summary>URL-safe text for <see cref="TryParse"/>; opaque to those who carry it.</summary>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Key}\0{Id}"));

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string? text, out DocumentCursor cursor)
    {
        cursor = default;
        if (text is not { Length: > 0 and <= 2048 } || !Base64Url.IsValid(text))
        {
            return false;
        }
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('\0');
        if (parts.Length != 2)
        {
            return false;
        }
        cursor = new DocumentCursor(parts[0], parts[1]);
        return true;
    }
}
