using Basilisk.Node.Failures;

namespace Basilisk.Node.Sieges;

/// <summary>The siege could not be laid: the node under attack, or the honest one beside it, did not come up.</summary>
public sealed class SiegeFailedException(string detail)
    : NodeException($"The siege did not begin: {detail} Run `./basilisk node --network test` to see the node start by itself.")
{
    public override string Token => "siege-failed";
}
