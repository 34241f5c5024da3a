using Basilisk.Contracts.Live;
using Basilisk.Testing.FakeNode;
using Basilisk.Web.Live;
using Basilisk.Web.Tests.Support;
using Xunit;

namespace Basilisk.Web.Tests.Live;

public sealed class LiveStateTests
{
    private readonly ScriptedChain _chain = new();
    private readonly ManualTime _time = new();

    [Fact]
    public void Silence_for_twice_the_block_interval_is_stale()
    {
        var state = LiveState.Empty.With(Snapshot(), _time.GetUtcNow());
        Assert.False(state.IsStale(_time.GetUtcNow().AddSeconds(10)));
        Assert.True(state.IsStale(_time.GetUtcNow().AddSeconds(10.1)));
    }

    [Fact]
    public void A_feed_tells_its_panels_when_it_becomes_stale()
    {
        using var feed = Feeds.Create(_time);
        feed.Replace(Snapshot());
        var calls = 0;
        using var subscription = feed.Subscribe(() =>
        {
            calls++;
            return Task.CompletedTask;
        });

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, calls);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Changes_faster_than_a_panel_may_redraw_are_folded_together()
    {
        using var feed = Feeds.Create(_time);
        var calls = 0;
        using var subscription = feed.Subscribe(() =>
        {
            calls++;
            return Task.CompletedTask;
        });

        feed.Replace(Snapshot());
        for (var i = 1; i <= 100; i++)
        {
            feed.Apply(new LiveDelta(i, _chain.Status()));
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        // One second at three redraws a second: the first at once, then one per third.
        Assert.InRange(calls, 3, 4);
    }

    [Fact]
    public void A_disposed_panel_hears_nothing_more()
    {
        using var feed = Feeds.Create(_time);
        var calls = 0;
        var subscription = feed.Subscribe(() =>
        {
            calls++;
            return Task.CompletedTask;
        });
        subscription.Dispose();
        feed.Replace(Snapshot());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, calls);
    }

    [Fact]
    public void Lists_keep_to_their_size_and_order()
    {
        var state = LiveState.Empty.With(Snapshot(), _time.GetUtcNow());
        for (var i = 1; i <= 30; i++)
        {
            state = state.With(new LiveDelta(i, Block: _chain.Mine(), Round: _chain.RoundSummary(_chain.CurrentRound)), _time.GetUtcNow());
        }

        Assert.Equal(LiveState.MostBlocks, state.Blocks.Length);
        Assert.Equal(_chain.Tip.Hash, state.Blocks[0].Hash);
        Assert.Equal(state.Rounds.OrderByDescending(round => round.Number), state.Rounds);
        Assert.Equal(state.Rounds.Length, state.Rounds.Select(round => round.Number).Distinct().Count());
    }

    [Fact]
    public void A_paused_overview_stands_still_counts_and_catches_up()
    {
        var model = new OverviewModel();
        var state = LiveState.Empty.With(Snapshot(), _time.GetUtcNow());
        model.Follow(state, _time.GetUtcNow());
        model.Pause();

        var later = state.With(new LiveDelta(1, Block: _chain.Mine()), _time.GetUtcNow()).With(new LiveDelta(2, Block: _chain.Mine()), _time.GetUtcNow());
        model.Follow(later, _time.GetUtcNow());
        Assert.Equal(100, model.Blocks[0].Height);
        Assert.Equal(2, model.Missed);

        model.Resume(later, _time.GetUtcNow());
        Assert.Equal(102, model.Blocks[0].Height);
        Assert.Equal(0, model.Missed);
    }

    [Fact]
    public void Held_rows_do_not_move_and_new_ones_are_counted()
    {
        var rows = new HeldRows<string>();
        rows.Offer(["c", "b", "a"], 3, item => item);
        rows.Held = true;
        rows.Offer(["e", "d", "c", "b", "a"], 3, item => item);
        Assert.Equal(["c", "b", "a"], rows.Shown);
        Assert.Equal(2, rows.Waiting);

        rows.ShowNew(["e", "d", "c", "b", "a"], 3);
        Assert.Equal(["e", "d", "c"], rows.Shown);
        Assert.Equal(0, rows.Waiting);
    }

    [Fact]
    public void A_screen_reader_hears_at_most_one_sentence_in_thirty_seconds()
    {
        var digest = new Digest();
        var heard = new List<string>();
        var state = LiveState.Empty.With(Snapshot(), _time.GetUtcNow());
        for (var second = 0; second < 61; second++)
        {
            _chain.Mine();
            state = state.With(new LiveDelta(second + 1, _chain.Status()), _time.GetUtcNow());
            digest.Update(state, _time.GetUtcNow());
            if (heard.LastOrDefault() != digest.Text)
            {
                heard.Add(digest.Text);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, heard.Count);
        Assert.Contains("30 new blocks", heard[1], StringComparison.Ordinal);
    }

    private LiveSnapshot Snapshot() =>
        new(0, _chain.Status(), [.. _chain.Blocks.Reverse().Take(20)], [.. _chain.Rounds().Take(10)], _chain.Quality());
}
