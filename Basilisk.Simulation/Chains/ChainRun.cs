using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Exact.Hashing;

namespace Basilisk.Simulation.Chains;

/// <summary>What one participant had at the end of a run.</summary>
/// <param name="HashShare">His share of all hashes.</param>
/// <param name="Blocks">His blocks on the chain.</param>
/// <param name="Credit">Confirmed improvement, nats · 2²⁴ summed over the confirmation sets.</param>
/// <param name="Coins">Rewards released to him.</param>
public sealed record Pay(double HashShare, int Blocks, double Credit, ulong Coins);

/// <summary>The end of a run, as the first participant's chain has it.</summary>
/// <param name="Pays">One per participant, in order.</param>
/// <param name="Rounds">Rounds that ended.</param>
/// <param name="RoundsSettled">Of these, rounds that moved the model.</param>
/// <param name="Seconds">Virtual time it took.</param>
/// <param name="Gamma">Of the races between two branches that an honest miner decided, the share that went to the attacker's.</param>
/// <param name="SwitchesRefused">Reorganisations that rolling finality refused, over all nodes.</param>
/// <param name="SameTip">Whether all nodes ended within a block of one chain.</param>
/// <param name="Tip">The tip's hash, a function of everything before.</param>
public sealed record ChainRun(
    IReadOnlyList<Pay> Pays, int Rounds, int RoundsSettled, double Seconds, double Gamma, int SwitchesRefused, bool SameTip, Hash256 Tip)
{
    /// <summary>Blocks of the chain.</summary>
    public int Blocks => Pays.Sum(pay => pay.Blocks);

    /// <summary>What the last participant got for each part of the hash power, over what all others got for it.</summary>
    public double AttackersRatio(Func<Pay, double> of)
    {
        Pay attacker = Pays[^1];
        IEnumerable<Pay> honest = Pays.SkipLast(1);
        return of(attacker) / attacker.HashShare / (honest.Sum(of) / honest.Sum(pay => pay.HashShare));
    }

    /// <summary>The last participant's share of all.</summary>
    public double AttackersShare(Func<Pay, double> of) => of(Pays[^1]) / Math.Max(1, Pays.Sum(of));

    /// <summary>Rewards released to some participants, over the blocks they mined.</summary>
    public double Minted(IEnumerable<Pay> of)
    {
        Pay[] pays = [.. of];
        return (double)pays.Sum(pay => (long)pay.Coins) / Math.Max(1, pays.Sum(pay => pay.Blocks));
    }

    internal static ChainRun Of(VirtualNetwork network, VirtualNode reader, int rounds, double gamma)
    {
        ChainState state = reader.View.State;
        var blocks = new Dictionary<Address, int>();
        for (HeaderNode node = reader.Tip; node.Parent is not null; node = node.Parent)
        {
            blocks[node.Header.Miner] = blocks.GetValueOrDefault(node.Header.Miner) + 1;
        }

        Pay[] pays = [.. network.Nodes.Select(node => PayOf(node, state.Account(node.Address), blocks))];
        bool same = network.Nodes.All(node => IsNear(reader.Tip, node.View.State.Head.Header));
        return new ChainRun(
            pays, rounds, (int)state.Chain.RoundsSettled, network.Time.Now, gamma, network.Nodes.Sum(node => node.SwitchesRefused), same, state.Head.Hash);
    }

    private static Pay PayOf(VirtualNode node, Account account, Dictionary<Address, int> blocks) =>
        new(node.Conduct.HashShare, blocks.GetValueOrDefault(node.Address), (double)(System.Numerics.BigInteger)account.Credit, account.Released);

    /// <summary>A message may be under way, so a node may be a few blocks behind or on a fork as short.</summary>
    private static bool IsNear(HeaderNode tip, BlockHeader other)
    {
        const int Few = 4;
        HeaderNode? node = tip;
        for (int i = 0; i < Few && node is not null; i++, node = node.Parent)
        {
            if (node.Hash == other.Hash || node.Hash == other.ParentHash)
            {
                return true;
            }
        }

        return false;
    }
}
