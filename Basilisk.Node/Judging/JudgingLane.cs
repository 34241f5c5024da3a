namespace Basilisk.Node.Judging;

/// <summary>Lets one judgement run at a time. Of those that wait, the first that is urgent when the lane becomes free comes next.</summary>
internal sealed class JudgingLane
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(Func<bool> IsUrgent, TaskCompletionSource Turn)> _waiting = [];
    private bool _isTaken;

    /// <summary>Waits for a turn; disposing what comes back ends it.</summary>
    public async Task<IDisposable> EnterAsync(Func<bool> isUrgent, CancellationToken cancellation)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return new Turn(this);
            }

            _waiting.AddLast((isUrgent, turn));
        }

        await using CancellationTokenRegistration ended = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        await turn.Task;
        return new Turn(this);
    }

    private void Leave()
    {
        while (true)
        {
            TaskCompletionSource next;
            lock (_gate)
            {
                if (_waiting.First is not { } node)
                {
                    _isTaken = false;
                    return;
                }

                LinkedListNode<(Func<bool> IsUrgent, TaskCompletionSource Turn)> chosen = node;
                while (!chosen.Value.IsUrgent() && chosen.Next is { } later)
                {
                    chosen = later;
                }

                chosen = chosen.Value.IsUrgent() ? chosen : node;
                _waiting.Remove(chosen);
                next = chosen.Value.Turn;
            }

            if (next.TrySetResult())
            {
                return; // One that was cancelled meanwhile passes its turn on.
            }
        }
    }

    private sealed class Turn(JudgingLane lane) : IDisposable
    {
        public void Dispose() => lane.Leave();
    }
}
