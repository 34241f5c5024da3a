namespace Basilisk.Web.Configuration;

/// <summary>What the portal's command line may say. Everything else is configuration (appsettings.json, environment).</summary>
public static class CommandLine
{
    public const string Usage = """
        basilisk-portal: the Basilisk portal, a web server that shows one node.

          --node URL       the node to show            (Portal:NodeUrl, default http://127.0.0.1:8545)
          --listen URL     where to listen             (Portal:Listen,  default http://127.0.0.1:5080)
          --urls URLS      the same as --listen, several addresses separated by ;
          --help           this text

        Any key of the configuration may be given as --Section:Key VALUE, for example --Portal:RequestTimeoutSeconds 10.
        """;

    /// <summary>Short names and the configuration keys they stand for.</summary>
    public static readonly IReadOnlyDictionary<string, string> Switches = new Dictionary<string, string>
    {
        ["--node"] = $"{PortalOptions.Section}:{nameof(PortalOptions.NodeUrl)}",
        ["--listen"] = $"{PortalOptions.Section}:{nameof(PortalOptions.Listen)}",
    };

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "--node", "--listen", "--urls", "--help", "--environment", "--contentroot", "--applicationname",
    };

    /// <summary>The first argument that means nothing here, or null.</summary>
    public static string? FirstUnknown(IEnumerable<string> arguments) => arguments
        .Where(argument => argument.StartsWith("--", StringComparison.Ordinal))
        .Select(argument => argument.Split('=', 2)[0])
        .FirstOrDefault(name => !Known.Contains(name) && !name.Contains(':', StringComparison.Ordinal));
}
