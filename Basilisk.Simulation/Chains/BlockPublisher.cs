using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;

namespace Basilisk.Simulation.Chains;

/// <summary>Decides when others see a node's blocks.</summary>
internal abstract class BlockPublisher
{
    public static BlockPublisher Create(Publishing kind, VirtualNode node, VirtualNetwork network) => kind switch
    {
        Publishing.Selfish => new SelfishPublisher(node, network),
        Publishing.Rewriting => new RewritingPublisher(node, network),
        _ => new OpenPublisher(node, network),
    };

    /// <summary>The node found a block and is on it.</summary>
    public abstract void Mined(Block block);

    /// <summary>The node took in another's block, and has already decided whether to follow it.</summary>
    public abstract void Seen(HeaderNode block);

    private sealed class OpenPublisher(VirtualNode node, VirtualNetwork network) : BlockPublisher
    {
        public override void Mined(Block block) => network.Tell(node, block);

        public override void Seen(HeaderNode block)
        {
        }
    }
}
