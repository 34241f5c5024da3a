using System.Text.Encodings.Web;
using System.Text.Json;

namespace Basilisk.Node.Cli;

/// <summary>One JSON object per line on the output, for scripts. Names are in snake_case.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // It goes to a terminal or a file, not into a page.
    };

    public static void Write<T>(T line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, Options));
}
