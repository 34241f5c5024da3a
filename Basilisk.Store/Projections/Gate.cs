namespace Basilisk.Store.Projections;

/// <summary>A number that only grows, and on whose growth one can wait.</summary>
internal sealed class Gate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _raised = NewSignal();
    private long _value;

    public long Value
    {
        get { lock (_lock) { return _value; } }
    }

    public void Raise(long value)
    {
        lock (_lock)
        {
            if (value > _value)
            {
                _value = value;
                _raised.SetResult();
                _raised = NewSignal();
            }
        }
    }

    public void Increment()
    {
        lock (_lock)
        {
            _value++;
            _raised.SetResult();
            _raised = NewSignal();
        }
    }

    public async Task WaitAboveAsync(long value, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task raised;
            lock (_lock)
            {
                if (_value > value)
                {
                    return;
                }
                raised = _raised.Task;
            }
            await raised.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
