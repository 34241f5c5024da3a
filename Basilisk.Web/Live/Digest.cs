using System.Globalization;
using Basilisk.Web.Formatting;

namespace Basilisk.Web.Live;

/// <summary>
/// The one sentence a screen reader hears about live changes: polite and at most one in thirty seconds
/// (WCAG 2.2, 4.1.3), never one per tick.
/// </summary>
public sealed class Digest
{
    public static readonly TimeSpan Spacing = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _spokenAt;
    private long _spokenHeight = -1;

    /// <summary>What to announce now; stays the same text between announcements.</summary>
    public string Text { get; private set; } = "";

    public void Update(LiveState state, DateTimeOffset now)
    {
        if (state.Status is not { } status || now - _spokenAt < Spacing || status.Height == _spokenHeight)
        {
            return;
        }

        var news = _spokenHeight < 0 ? 0 : status.Height - _spokenHeight;
        var moved = state.Rounds.FirstOrDefault(round => Words.Moved(round.State));
        Text = string.Create(CultureInfo.InvariantCulture,
            $"Height {status.Height}{(news > 0 ? $", {news} new blocks" : "")}. Round {status.Round}, {status.Phase} phase.")
            + (moved is null ? "" : $" Last gain {Numbers.Nats(moved.GainNats)} nats.");
        _spokenAt = now;
        _spokenHeight = status.Height;
    }
}
