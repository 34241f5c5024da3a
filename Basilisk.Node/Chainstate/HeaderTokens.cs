namespace Basilisk.Node.Chainstate;

/// <summary>Stable names of why the node, for its own protection, does not keep a header or a block; docs/protocol.md explains each.</summary>
public static class HeaderTokens
{
    public const string WorkTooLow = "header-work-too-low";
    public const string ParkedFull = "parked-full";
}
