using System.Runtime.CompilerServices;
using Basilisk.Store.Events;
using Npgsql;

namespace Basilisk.Store.Postgres;

/// <summary>
/// Follows the high-water mark by LISTEN, and by looking every now and then: an append that is rolled back announces nothing, but
/// may have held the mark below others that had announced themselves before.
/// </summary>
internal sealed class EventSubscription(Database database, IEventStore events, TimeSpan pollInterval, TimeProvider time)
{
    private NpgsqlConnection? _listener;

    public async IAsyncEnumerable<long> RunAsync(
        long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = afterSequence;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var mark = await NextAsync(seen, cancellationToken);
                if (mark > seen)
                {
                    seen = mark;
                    yield return mark;
                }
            }
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>The mark, at once if it has grown, else after waiting for a sign that it may have.</summary>
    private async Task<long> NextAsync(long seen, CancellationToken cancellationToken)
    {
        try
        {
            // Listening starts before looking, so that nothing falls between the two.
            _listener ??= await ListenAsync(cancellationToken);
            var mark = await events.HighWaterMarkAsync(cancellationToken);
            if (mark <= seen)
            {
                await database.GuardAsync(() => _listener.WaitAsync(pollInterval, cancellationToken));
            }
            return mark;
        }
        catch (StoreUnavailableException)
        {
            // Comes back by itself: those who write are told, those who only listen wait.
            await CloseAsync();
            await Task.Delay(pollInterval, time, cancellationToken);
            return seen;
        }
    }

    private async Task<NpgsqlConnection> ListenAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        try
        {
            await database.GuardAsync(async () =>
            {
                await using var listen = database.Command(connection, "listen {schema}_events");
                await listen.ExecuteNonQueryAsync(cancellationToken);
            });
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task CloseAsync()
    {
        if (_listener is { } listener)
        {
            _listener = null;
            await listener.DisposeAsync();
        }
    }
}
