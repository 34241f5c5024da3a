using System.Text;

namespace Basilisk.Store;

/// <summary>What text may be stored: valid UTF-16 without U+0000 (PostgreSQL refuses it) and within a bound.</summary>
internal static class StoredText
{
    /// <summary>Larger than every allowed key: closes a range of keys with a common prefix, hence may not occur in one.</summary>
    public const string Last = "\U0010FFFF";

    public static void Check(string text, int maxBytes, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        if (text.Length > maxBytes || Encoding.UTF8.GetByteCount(text) > maxBytes)
        {
            throw new ArgumentException($"'{name}' takes at most {maxBytes} bytes of UTF-8.", name);
        }
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != System.Buffers.OperationStatus.Done)
            {
                throw new ArgumentException($"'{name}' holds half a surrogate pair; pass valid Unicode.", name);
            }
            if (rune.Value is 0 or 0x10FFFF)
            {
                throw new ArgumentException($"'{name}' holds U+{rune.Value:X4}, which cannot be stored.", name);
            }
            rest = rest[used..];
        }
    }
}
