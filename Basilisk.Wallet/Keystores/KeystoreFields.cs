using System.Text.Json;

namespace Basilisk.Wallet.Keystores;

/// <summary>Typed looks into a JSON object. Names match in any letter case, because ethers writes "Crypto".</summary>
internal readonly struct KeystoreFields(JsonElement element)
{
    private readonly JsonElement _element = element;

    public bool TryObject(string name, out KeystoreFields fields)
    {
        bool found = Find(name) is { ValueKind: JsonValueKind.Object };
        fields = found ? new KeystoreFields(Find(name)!.Value) : default;
        return found;
    }

    public string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public int? Number(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) ? number : null;

    /// <summary>Hexadecimal digits, with or without 0x.</summary>
    public byte[]? Bytes(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        ReadOnlySpan<char> digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        var bytes = new byte[digits.Length / 2];
        return digits.Length % 2 == 0 && Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : null;
    }

    private JsonElement? Find(string name)
    {
        if (_element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return null;
    }
}
