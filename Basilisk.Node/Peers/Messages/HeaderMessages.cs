using System.Collections.Immutable;
using Basilisk.Chain.Blocks;
using Basilisk.Exact.Hashing;

namespace Basilisk.Node.Peers.Messages;

/// <summary>Asks for the headers after the first locator hash on the peer's chain.</summary>
/// <param name="Locator">Hashes of the asker's chain, newest first, at most <see cref="MostLocator"/>.</param>
/// <param name="Stop">Last hash wanted; zero for as many as fit.</param>
public sealed record GetHeaders(ulong RequestId, ImmutableArray<Hash256> Locator, Hash256 Stop) : PeerRequest(RequestId)
{
    public const int MostLocator = 64;

    public override MessageKind Kind => MessageKind.GetHeaders;
}

/// <summary>Headers, oldest first, each on top of the one before; at most <see cref="Most"/>. Fewer than that: there are no more.</summary>
public sealed record Headers(ulong RequestId, ImmutableArray<BlockHeader> Chain) : PeerAnswer(RequestId)
{
    public const int Most = 2_000;

    public override MessageKind Kind => MessageKind.Headers;
}
