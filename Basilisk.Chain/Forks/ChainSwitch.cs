using System.Collections.Immutable;

namespace Basilisk.Chain.Forks;

/// <summary>The way from one tip to another.</summary>
/// <param name="Fork">The last block both share.</param>
/// <param name="Disconnect">Blocks to take off, from the old tip down.</param>
/// <param name="Connect">Blocks to put on, upwards to the new tip.</param>
public sealed record ChainSwitch(HeaderNode Fork, ImmutableArray<HeaderNode> Disconnect, ImmutableArray<HeaderNode> Connect)
{
    /// <summary>Whether blocks are taken off.</summary>
    public bool IsReorganisation => Disconnect.Length > 0;
}
