using Basilisk.Chain.Blocks;
using Basilisk.Chain.Refusals;

namespace Basilisk.Node.Chainstate;

/// <summary>What a block that was handed in waits for.</summary>
public enum BlockWait
{
    /// <summary>Nothing: the verdict is there.</summary>
    None,

    /// <summary>The body of a block below it.</summary>
    Parent,

    /// <summary>The judgement of the round that it ends.</summary>
    Judgement,
}

/// <summary>What became of a submitted block.</summary>
/// <param name="Refusal">Why it was not taken; null where it was.</param>
/// <param name="IsTip">Whether it is the tip now.</param>
public sealed record BlockSubmission(Refusal? Refusal, bool IsTip)
{
    /// <summary>What the block still waits for.</summary>
    public BlockWait Wait { get; init; }

    /// <summary>The verdict that is still to come; null where this is it.</summary>
    public Task<BlockSubmission>? Verdict { get; init; }

    /// <summary>Whether the same block waits already: the one that came first is kept, and this one shares its verdict.</summary>
    public bool IsRepeated { get; init; }
}

/// <summary>A block on its way through the writer, and who asked.</summary>
internal sealed class BlockTicket(Block block)
{
    private readonly TaskCompletionSource<BlockSubmission> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<BlockSubmission> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Block Block { get; } = block;

    /// <summary>Completes when the block is connected, refused, or waits.</summary>
    public Task<BlockSubmission> Taken => _taken.Task;

    /// <summary>Completes when the block is connected or refused.</summary>
    public Task<BlockSubmission> Decided => _decided.Task;

    /// <summary>Another was handed in with the same block: it gets the same verdict.</summary>
    public void Share(BlockTicket other) => Decided.ContinueWith(
        decided =>
        {
            if (decided.IsCompletedSuccessfully)
            {
                other.Decide(decided.Result.Refusal, decided.Result.IsTip);
            }
            else
            {
                other.Fail(decided.Exception?.InnerException ?? new OperationCanceledException());
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    public void Park(BlockWait wait, bool isRepeated = false) =>
        _taken.TrySetResult(new BlockSubmission(null, IsTip: false) { Wait = wait, Verdict = Decided, IsRepeated = isRepeated });

    public void Decide(Refusal? refusal, bool isTip)
    {
        var verdict = new BlockSubmission(refusal, isTip);
        _decided.TrySetResult(verdict);
        _taken.TrySetResult(verdict);
    }

    public void Fail(Exception error)
    {
        _taken.TrySetException(error);
        _decided.TrySetException(error);
        _ = _taken.Task.Exception; // Seen: whoever asked has it from the one he waits for.
        _ = _decided.Task.Exception;
    }

    public void Cancel(CancellationToken cancellation)
    {
        _taken.TrySetCanceled(cancellation);
        _decided.TrySetCanceled(cancellation);
    }
}
