using Basilisk.Chain.Blocks;
using Basilisk.Chain.Forks;

namespace Basilisk.Simulation.Chains;

/// <summary>
/// Selfish mining (Eyal and Sirer 2013). The lead is how much higher the private tip is than the highest block that others know:
/// when they catch up from a lead of one, the private block is shown and both branches race; from two, everything is shown and theirs
/// is undone; from more, one block is shown for each of theirs.
/// </summary>
internal sealed class SelfishPublisher(VirtualNode node, VirtualNetwork network) : BlockPublisher
{
    private readonly Queue<Block> _hidden = new();
    private ulong _public;
    private HeaderNode? _rival;

    public override void Mined(Block block)
    {
        _hidden.Enqueue(block);
        if (_rival is not null)
        {
            // Two branches of one height, and his is now the higher.
            _rival = null;
            ShowUpTo(block.Height);
        }
    }

    public override void Seen(HeaderNode block)
    {
        if (_rival is { } rival)
        {
            network.Race(onAttackersBranch: block.Header.ParentHash != rival.Hash && block.Height > rival.Height, over: block.Height > rival.Height);
            _rival = block.Height > rival.Height ? null : rival;
        }

        if (block.Height <= _public)
        {
            return;
        }

        _public = block.Height;
        ulong tip = node.View.State.Height;
        if (tip < block.Height || node.View.State.Head.Hash == block.Hash)
        {
            _hidden.Clear(); // he follows theirs
        }
        else if (tip == block.Height && _hidden.Count > 0)
        {
            _rival = block;
            ShowUpTo(tip);
        }
        else
        {
            ShowUpTo(tip == block.Height + 1 ? tip : block.Height);
        }
    }

    private void ShowUpTo(ulong height)
    {
        while (_hidden.TryPeek(out Block? next) && next.Height <= height)
        {
            network.Tell(node, _hidden.Dequeue());
            _public = Math.Max(_public, next.Height);
        }
    }
}
