using System.Net;
using Basilisk.Chain.Assembly;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.ProofOfWork;
using Basilisk.Chain.Validation;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mining;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Sieges;

/// <summary>What an attacker knows of the node: where it is, its network and its chain. The node tells everybody.</summary>
internal sealed class SiegeTarget(IPEndPoint peers, ChainRules rules, Func<ChainView> view, Address miner, TimeProvider time)
{
    private const long MostNonces = 1 << 24;

    /// <summary>Where the node takes peers' connections.</summary>
    public IPEndPoint Peers { get; } = peers;

    public MessageCodec Codec { get; } = new(rules.Parameters);

    public TimeProvider Time { get; } = time;

    /// <summary>A block that the node has.</summary>
    public Hash256 Tip => view().Hash;

    /// <summary>A Hello like any other node's.</summary>
    public Hello Hello() => new(
        Node.Peers.Messages.Hello.CurrentVersion, rules.Parameters.Hash, Hash256.Zero, 0, 0UL, PeerServices.Blocks, 0, (ulong)Time.GetUtcNow().ToUnixTimeSeconds(), "siege/1");

    /// <summary>Announces a block on the tip whose header lacks its work; null at a round's end, whose result an attacker does not know.</summary>
    public NewBlock? WithoutWork()
    {
        if (OnTip() is not { } header)
        {
            return null;
        }

        UInt256 target = header.Target.ToTarget();
        while (Work.Meets(header.Hash, target))
        {
            header = header with { Nonce = header.Nonce + 1 };
        }

        return new NewBlock(header, [], []);
    }

    /// <summary>Announces a block on the tip whose work is done, and whose state is another than it says; null likewise.</summary>
    public NewBlock? WithWrongState()
    {
        if (OnTip() is not { } header)
        {
            return null;
        }

        header = header with { StateRoot = header.Hash };
        return new HeaderSearch(header.PrefixForMining()).Search((ulong)Random.Shared.NextInt64(), MostNonces, header.Target.ToTarget()) is { } nonce
            ? new NewBlock(header with { Nonce = nonce }, [], [])
            : null;
    }

    private BlockHeader? OnTip()
    {
        ChainView tip = view();
        return rules.NeedsOutcome(tip.State)
            ? null
            : new BlockAssembler(rules).Build(tip.State, miner, [], (ulong)Time.GetUtcNow().ToUnixTimeSeconds(), null).Block.Header;
    }
}
