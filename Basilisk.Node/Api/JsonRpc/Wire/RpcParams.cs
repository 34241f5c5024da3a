using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Api.JsonRpc.Wire;

/// <summary>
/// Reads a call's parameters by place. The first that is wrong is kept in <see cref="Error"/> and every later read gives a
/// default, so a method reads all it needs and then looks once.
/// </summary>
/// <param name="elements">A JSON array, or nothing.</param>
internal sealed class RpcParams(JsonElement elements)
{
    public int Count => elements.ValueKind == JsonValueKind.Array ? elements.GetArrayLength() : 0;

    /// <summary>What is wrong with the parameters read so far; null where nothing is.</summary>
    public RpcError? Error { get; private set; }

    public Address Address(int index, string name)
    {
        if (Text(index) is { } text && Chain.Primitives.Address.TryParse(text, out Address address))
        {
            return address;
        }

        return Refuse<Address>(name, "an address: 0x and 40 hexadecimal digits, with a right EIP-55 checksum or in one case");
    }

    public Hash256 Hash(int index, string name) => Text(index) is { } text && Hash256.TryParse(text, out Hash256 hash)
        ? hash
        : Refuse<Hash256>(name, "0x and 64 hexadecimal digits");

    public ulong Number(int index, string name) => Text(index) is { } text && Quantity.TryParse(text, out ulong value)
        ? value
        : Refuse<ulong>(name, "a quantity: 0x and hexadecimal digits without leading zeros");

    /// <summary>A count, which some clients send as a JSON number.</summary>
    public ulong Count64(int index, string name) =>
        At(index) is { ValueKind: JsonValueKind.Number } number && number.TryGetUInt64(out ulong value) ? value : Number(index, name);

    public byte[] Bytes(int index, string name)
    {
        if (Text(index) is { } text && Quantity.TryParseBytes(text, out byte[] bytes))
        {
            return bytes;
        }

        Refuse<bool>(name, "bytes: 0x and an even number of hexadecimal digits");
        return [];
    }

    public bool Flag(int index, string name) => At(index).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Undefined or JsonValueKind.Null => false,
        _ => Refuse<bool>(name, "true or false"),
    };

    /// <summary>A block's name or height; also EIP-1898's object with blockNumber. Absent means latest.</summary>
    public BlockTag Block(int index)
    {
        JsonElement element = At(index);
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return BlockTag.Latest;
        }

        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("blockNumber", out JsonElement number))
        {
            element = number;
        }

        return element.ValueKind == JsonValueKind.String && BlockTag.TryParse(element.GetString()!, out BlockTag tag)
            ? tag
            : Refuse<BlockTag>("block", "latest, pending, earliest, safe, finalized or a height as a quantity");
    }

    public string String(int index, string name) => Text(index) ?? Refuse<string>(name, "a string") ?? "";

    public JsonElement Object(int index, string name) => At(index) is { ValueKind: JsonValueKind.Object } element
        ? element
        : Refuse<JsonElement>(name, "an object");

    /// <summary>A member of an object parameter, as text; null where it is absent or null.</summary>
    public string? Member(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out JsonElement member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return member.ValueKind == JsonValueKind.String ? member.GetString() : Refuse<string>(name, "a string");
    }

    public JsonElement At(int index) => index < Count ? elements[index] : default;

    public T? Refuse<T>(string name, string expected)
    {
        Error ??= RpcError.BadParameter(name, expected);
        return default;
    }

    private string? Text(int index) => At(index) is { ValueKind: JsonValueKind.String } element ? element.GetString() : null;
}
