using System.Text;
using System.Text.Json;

namespace Basilisk.Store;

/// <summary>What JSON may be stored: what <c>jsonb</c> takes, so that both stores refuse the same values.</summary>
internal static class JsonText
{
    /// <summary>Bytes of UTF-8 of one value. Bulk belongs into blobs; jsonb itself would take 256 MiB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int MaxDepth = 256;

    /// <exception cref="InvalidJsonException">Not one JSON value, or one that jsonb refuses.</exception>
    public static void Check(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > MaxBytes)
        {
            throw new InvalidJsonException($"it has {json.Length} characters; at most {MaxBytes} bytes are stored");
        }
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                CheckToken(ref reader);
            }
        }
        catch (JsonException e)
        {
            throw new InvalidJsonException($"line {e.LineNumber}, byte {e.BytePositionInLine} is not JSON", e);
        }
    }

    private static void CheckToken(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
        {
            CheckString(ref reader);
        }
        else if (reader.TokenType == JsonTokenType.Number)
        {
            // numeric holds 131,072 digits; an exponent of five digits or more could exceed it.
            var exponent = reader.ValueSpan.IndexOfAny((byte)'e', (byte)'E');
            if (reader.ValueSpan.Length > 1000 || (exponent >= 0 && reader.ValueSpan.Length - exponent > 6))
            {
                throw new InvalidJsonException($"the number at byte {reader.TokenStartIndex} is too long to be stored exactly");
            }
        }
    }

    private static void CheckString(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return;
        }
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidJsonException($"the string at byte {reader.TokenStartIndex} holds half a surrogate pair", e);
        }
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidJsonException($"the string at byte {reader.TokenStartIndex} holds \\u0000, which PostgreSQL cannot store");
        }
    }
}
