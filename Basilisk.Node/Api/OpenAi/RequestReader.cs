using System.Globalization;
using System.Text.Json;

namespace Basilisk.Node.Api.OpenAi;

/// <summary>
/// Reads a request's members by name with their types and bounds; the first that is wrong is kept in <see cref="Error"/>. Members
/// nobody asks for are ignored, as OpenAI's clients expect.
/// </summary>
internal sealed class RequestReader(JsonElement body)
{
    public OpenAiError? Error { get; private set; }

    /// <summary>The member; undefined where it is absent or null.</summary>
    public JsonElement Member(string name) =>
        body.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : default;

    public bool Has(string name) => Member(name).ValueKind != JsonValueKind.Undefined;

    public string? Text(string name) => Member(name) switch
    {
        { ValueKind: JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => Refuse<string>(name, "a string"),
    };

    public bool Flag(string name) => Member(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Undefined => false,
        _ => Refuse<bool>(name, "true or false"),
    };

    public double Number(string name, double otherwise, double low, double high) => Member(name) switch
    {
        { ValueKind: JsonValueKind.Undefined } => otherwise,
        { ValueKind: JsonValueKind.Number } number when number.GetDouble() is var value && value >= low && value <= high => value,
        _ => Refuse<double>(name, string.Create(CultureInfo.InvariantCulture, $"a number from {low} to {high}")),
    };

    public long? Integer(string name, long low, long high) => Member(name) switch
    {
        { ValueKind: JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long value) && value >= low && value <= high => value,
        _ => Refuse<long?>(name, string.Create(CultureInfo.InvariantCulture, $"an integer from {low} to {high}")),
    };

    /// <summary>A string or a list of at most <paramref name="most"/>, none of them empty.</summary>
    public IReadOnlyList<string> Texts(string name, int most)
    {
        JsonElement member = Member(name);
        JsonElement[] items = member.ValueKind switch
        {
            JsonValueKind.Undefined => [],
            JsonValueKind.Array => [.. member.EnumerateArray()],
            _ => [member],
        };
        if (items.Length > most || items.Any(item => item.ValueKind != JsonValueKind.String || item.GetString()!.Length is 0 or > 256))
        {
            Refuse<bool>(name, $"a string, or at most {most} strings, of 1 to 256 characters each");
            return [];
        }

        return [.. items.Select(item => item.GetString()!)];
    }

    /// <summary>Token id to bias.</summary>
    public IReadOnlyDictionary<int, float> Bias(string name, int vocabulary)
    {
        var bias = new Dictionary<int, float>();
        JsonElement member = Member(name);
        if (member.ValueKind == JsonValueKind.Undefined)
        {
            return bias;
        }

        foreach (JsonProperty entry in member.ValueKind == JsonValueKind.Object ? [.. member.EnumerateObject()] : Array.Empty<JsonProperty>())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int token) || token >= vocabulary
                || entry.Value.ValueKind != JsonValueKind.Number || entry.Value.GetDouble() is not (>= -100 and <= 100))
            {
                Refuse<bool>(name, $"an object of token ids below {vocabulary} to numbers from -100 to 100");
                return bias;
            }

            bias[token] = (float)entry.Value.GetDouble();
        }

        return member.ValueKind == JsonValueKind.Object ? bias : Refuse<Dictionary<int, float>>(name, "an object of token ids to numbers") ?? bias;
    }

    public T? Refuse<T>(string name, string expected)
    {
        Refuse(OpenAiError.BadValue(name, expected));
        return default;
    }

    public void Refuse(OpenAiError error) => Error ??= error;
}
