using System.Text.Json;
using System.Text.Json.Serialization;

namespace Basilisk.Web.Nodes;

/// <summary>How the contract's records travel: web defaults (camelCase), enums as camelCase words.</summary>
public static class WireJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Applies the same rules to options that somebody else owns (the hub protocol's).</summary>
    public static void Configure(JsonSerializerOptions options) => options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
