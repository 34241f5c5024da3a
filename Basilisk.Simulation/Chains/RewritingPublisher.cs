using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;

namespace Basilisk.Simulation.Chains;

/// <summary>
/// Rewrites the past: from the middle of the run's first rounds on he ignores the others, and shows his branch once it is so many rounds
/// long and has more work than theirs.
/// </summary>
internal sealed class RewritingPublisher(VirtualNode node, VirtualNetwork network) : BlockPublisher
{
    private readonly List<Block> _hidden = [];
    private HeaderNode? _theirs;

    /// <summary>Rounds that a branch has before it is shown: more than rolling finality lets anyone undo.</summary>
    private ulong Length => 4 * node.View.State.Parameters.Rounds.Length;

    public override void Mined(Block block)
    {
        _hidden.Add(block);
        ShowIfLong();
    }

    public override void Seen(HeaderNode block)
    {
        if (_theirs is null || block.TotalWork > _theirs.TotalWork)
        {
            _theirs = block;
        }

        if (node.View.State.Head.Hash == block.Hash)
        {
            _hidden.Clear(); // theirs had more work, so he has to start again from it
        }

        ShowIfLong();
    }

    private void ShowIfLong()
    {
        if ((ulong)_hidden.Count < Length || _theirs is null || node.Tip.TotalWork <= _theirs.TotalWork)
        {
            return;
        }

        foreach (Block block in _hidden)
        {
            network.Tell(node, block);
        }

        _hidden.Clear();
    }
}
