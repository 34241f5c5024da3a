using System.Runtime.ExceptionServices;

namespace Basilisk.Compute.Threading;

/// <summary>
/// A few threads that take the items of one job after another. The caller works too, and waits only for items that
/// another thread has really begun, so a core that somebody else uses slows a job by at most one item.
/// Waiting threads sleep in the kernel after a short spin.
/// </summary>
/// <remarks>Worker 0 is the calling thread. Jobs of several callers run one after another; an item must not start a job on its own team.</remarks>
public sealed class WorkerTeam : IDisposable
{
    private const int SpinsBeforeSleep = 60;

    private readonly object _gate = new();
    private readonly Lock _oneJobAtATime = new();
    private readonly Thread[] _threads;
    private Job? _job;
    private volatile int _generation;
    private volatile bool _stopping;

    /// <param name="threads">Threads in all, the caller's included; at least 1.</param>
    /// <param name="name">Prefix of the threads' names.</param>
    public WorkerTeam(int threads, string name = "worker")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"{name}-{worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads in all, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Runs <paramref name="body"/> once for each item and returns when all are done.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="body">Receives (item, worker); worker is below <see cref="Threads"/> and no two threads share one at a time.</param>
    /// <exception cref="ObjectDisposedException">The team has been disposed.</exception>
    public void Run(int items, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ObjectDisposedException.ThrowIf(_stopping, this);
        lock (_oneJobAtATime)
        {
            if (Threads == 1 || items <= 1)
            {
                for (int item = 0; item < items; item++)
                {
                    body(item, 0);
                }

                return;
            }

            var job = new Job(items, body);
            Publish(job);
            job.Work(worker: 0);
            job.Wait();
        }
    }

    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        Publish(null);
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Publish(Job? job)
    {
        lock (_gate)
        {
            _job = job;
            _generation++;
            Monitor.PulseAll(_gate);
        }
    }

    private void Serve(int worker)
    {
        int seen = 0;
        while (!_stopping)
        {
            Job? job = NextJob(ref seen);
            job?.Work(worker);
        }
    }

    private Job? NextJob(ref int seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep && _generation == seen; spin++)
        {
            Thread.SpinWait(20);
        }

        lock (_gate)
        {
            while (_generation == seen)
            {
                Monitor.Wait(_gate);
            }

            seen = _generation;
            return _job;
        }
    }

    private sealed class Job(int items, Action<int, int> body)
    {
        private readonly ManualResetEventSlim _done = new(initialState: false, spinCount: 50);
        private int _next;
        private int _completed;
        private ExceptionDispatchInfo? _failure;

        public void Work(int worker)
        {
            int item;
            while ((item = Interlocked.Increment(ref _next) - 1) < items)
            {
                try
                {
                    body(item, worker);
                }
                catch (Exception exception)
                {
                    // Carried to the caller: a thread of the team has nobody to tell.
                    Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
                }

                if (Interlocked.Increment(ref _completed) == items)
                {
                    _done.Set();
                }
            }
        }

        public void Wait()
        {
            _done.Wait();
            _failure?.Throw();
        }
    }
}
