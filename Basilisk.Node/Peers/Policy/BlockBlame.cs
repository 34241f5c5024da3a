using System.Threading.Channels;
using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Peers.Policy;

/// <summary>
/// Counts a block's verdict against who delivered its body: at once, or once its parent is here and its round judged, also where the
/// deliverer has left by then. Blocks that wait are bounded where they wait (<see cref="ParkedBlocks"/>), and so is what is remembered here.
/// </summary>
public sealed class BlockBlame(ILogger<BlockBlame> log)
{
    private readonly Channel<Delivery> _late = Channel.CreateUnbounded<Delivery>();

    /// <summary>A body was handed in.</summary>
    /// <param name="from">Who delivered it.</param>
    /// <param name="block">The block.</param>
    /// <param name="submission">What became of it so far.</param>
    public void Judge(IPeer from, Block block, BlockSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(submission);
        var delivery = new Delivery(from, block.Hash, block.Height, submission.Refusal);
        if (submission.Refusal is not null)
        {
            Count(delivery);
        }
        else if (submission is { Verdict: { } verdict, IsRepeated: false })
        {
            // A verdict that never comes (the store failed, the node stops) is nobody's fault; the chainstate says why.
            verdict.ContinueWith(
                decided => decided.Result.Refusal is { } refusal && _late.Writer.TryWrite(delivery with { Refusal = refusal }),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Counts verdicts that come late. Returns when cancelled; those that come after it count no more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (Delivery delivery in _late.Reader.ReadAllAsync(cancellation))
            {
                Count(delivery);
            }
        }
        finally
        {
            _late.Writer.TryComplete();
        }
    }

    private void Count(Delivery delivery)
    {
        log.PeerBlockRefused(delivery.From.Id.Short, delivery.Hash.ToString(), delivery.Height, delivery.Refusal!.ToString());
        if (OffenceOf.Block(delivery.Refusal) is { } offence)
        {
            delivery.From.Report(offence, delivery.Refusal);
        }
    }

    // Not the block: its body goes where the block goes.
    private sealed record Delivery(IPeer From, Hash256 Hash, ulong Height, Refusal? Refusal);
}
