using System.Text.Json;
using System.Text.Unicode;

namespace Basilisk.Node.Api;

/// <summary>
/// Parses JSON from strangers. The parser of .NET takes strings that are no text (bytes that are no UTF-8, halves of surrogate pairs)
/// and throws only when they are read; here they are no JSON (RFC 8259 §8).
/// </summary>
internal static class RequestJson
{
    private const int EscapeLength = 6; // \uXXXX

    /// <exception cref="JsonException">The bytes are no JSON text.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, JsonDocumentOptions options)
    {
        if (!Utf8.IsValid(utf8.Span))
        {
            throw new JsonException("The text is not UTF-8.");
        }

        if (HasHalfPair(utf8.Span))
        {
            throw new JsonException("A string holds half of a surrogate pair.");
        }

        return JsonDocument.Parse(utf8, options);
    }

    /// <summary>Whether an escape names one half of a pair without the other. A backslash stands only in strings.</summary>
    private static bool HasHalfPair(ReadOnlySpan<byte> text)
    {
        int next;
        for (int at = text.IndexOf((byte)'\\'); at >= 0; at = next < 0 ? -1 : at + next)
        {
            int length = 2;
            if (Unit(text, at) is { } unit && char.IsSurrogate(unit))
            {
                if (char.IsLowSurrogate(unit) || Unit(text, at + EscapeLength) is not { } second || !char.IsLowSurrogate(second))
                {
                    return true;
                }

                length = 2 * EscapeLength;
            }

            at = Math.Min(at + length, text.Length);
            next = text[at..].IndexOf((byte)'\\');
        }

        return false;
    }

    /// <summary>The UTF-16 unit of an escape that begins here; null where none does.</summary>
    private static char? Unit(ReadOnlySpan<byte> text, int at) =>
        at + EscapeLength <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
        && ushort.TryParse(text.Slice(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort unit)
            ? (char)unit
            : null;
}
