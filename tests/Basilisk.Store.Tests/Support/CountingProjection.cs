using System.Globalization;
using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Store.Projections;

namespace Basilisk.Store.Tests.Support;

/// <summary>
/// Counts events per stream and keeps one document per event: a second application of an event would show in the count, a lost one
/// in the number of documents.
/// </summary>
internal sealed class CountingProjection(string name = "counting", int version = 1) : IProjection
{
    public string Name => name;

    public int Version { get; } = version;

    public string Counts => name + "/counts";

    public string Seen => name + "/seen";

    /// <summary>Whether what <see cref="PrepareAsync"/> writes was there at the last event.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>Called before each event; to throw or to wait.</summary>
    public Func<StoredEvent, Task>? Before { get; set; }

    /// <summary>Called when it prepares; to throw.</summary>
    public Action? Preparing { get; set; }

    /// <summary>What <see cref="PrepareAsync"/> wrote, if it was called.</summary>
    public string Prepared => name + "/prepared";

    public Task PrepareAsync(IEventStore events, IProjectionSession session, CancellationToken cancellationToken)
    {
        Preparing?.Invoke();
        session.Upsert(Prepared, "once", "1");
        return Task.CompletedTask;
    }

    public async Task ApplyAsync(IReadOnlyList<StoredEvent> page, IProjectionSession session, CancellationToken cancellationToken)
    {
        foreach (var @event in page)
        {
            session.At(@event);
            IsPrepared = await session.GetAsync(Prepared, "once", cancellationToken) is not null;
            if (Before is not null)
            {
                await Before(@event);
            }
            var count = int.Parse(await session.GetAsync(Counts, @event.Stream, cancellationToken) ?? "0", CultureInfo.InvariantCulture) + 1;
            session.Upsert(Counts, @event.Stream, count.ToString(CultureInfo.InvariantCulture));
            session.Upsert(Seen, @event.Sequence.ToString("D20", CultureInfo.InvariantCulture), @event.Json, [new IndexKey("stream", @event.Stream)]);
        }
    }
}
