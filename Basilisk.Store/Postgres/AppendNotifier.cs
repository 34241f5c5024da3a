namespace Basilisk.Store.Postgres;

/// <summary>
/// Tells subscribers in every process that events were committed. Not in the append's own transaction: NOTIFY holds a lock over the
/// whole commit, so that concurrent appends could no longer share one flush of the disk. A node killed between the two leaves the
/// subscribers to their own looking.
/// </summary>
internal sealed class AppendNotifier(Database database) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task _sending = Task.CompletedTask;
    private bool _wanted;
    private bool _closed;

    /// <summary>Returns at once; many signals in a row become few notifications, at least one of them after the last signal.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            _wanted = !_closed;
            if (_wanted && _sending.IsCompleted)
            {
                _sending = Task.Run(SendAsync);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task sending;
        lock (_lock)
        {
            _closed = true;
            sending = _sending;
        }
        await sending;
    }

    private async Task SendAsync()
    {
        while (Take())
        {
            try
            {
                // There is nothing in it worth waiting for the disk.
                await database.RunAsync(
                    "select set_config('synchronous_commit', 'off', true), pg_notify('{schema}_events', '')", [],
                    command => command.ExecuteNonQueryAsync(), CancellationToken.None);
            }
            catch (StoreException)
            {
                // The append itself was answered; subscribers look by themselves after PollInterval.
            }
        }
    }

    private bool Take()
    {
        lock (_lock)
        {
            var wanted = _wanted;
            _wanted = false;
            if (!wanted)
            {
                // From here on a signal must start another task.
                _sending = Task.CompletedTask;
            }
            return wanted;
        }
    }
}
