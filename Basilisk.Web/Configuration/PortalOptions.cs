namespace Basilisk.Web.Configuration;

/// <summary>Section <c>Portal</c> of the configuration: where the node is and where the portal listens.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>The node whose chain and model are shown. REST, the live hub and completions are reached below it.</summary>
    public string NodeUrl { get; set; } = "http://127.0.0.1:8545";

    /// <summary>Address the portal listens on where <c>--urls</c> names none. Loopback unless the operator says otherwise.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:5080";

    /// <summary>Longest wait for one answer of the node's REST surface, seconds, 1–60. Completions are not bound by it.</summary>
    public double RequestTimeoutSeconds { get; set; } = 5;

    /// <summary>Wait between two attempts to reach the node's live hub, seconds, 0.1–2: a person waits no longer than that.</summary>
    public double ReconnectSeconds { get; set; } = 1;

    /// <summary>Most redraws of a live panel per second, 1–10.</summary>
    public double RendersPerSecond { get; set; } = 3;
}
