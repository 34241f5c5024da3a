using Basilisk.Testing.FakeNode;
using Basilisk.Web.Chat;
using Basilisk.Web.Tests.Support;
using Xunit;

namespace Basilisk.Web.Tests.Chat;

/// <summary>Conversations over a real socket with the scripted node.</summary>
public sealed class ChatSessionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _firstText = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedNode _node = null!;
    private HttpClient _http = null!;
    private ChatSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await ScriptedNode.Start();
        _http = new HttpClient { BaseAddress = _node.Url };
        var feed = Feeds.Create();
        feed.Replace(_node.Snapshot());
        _session = new ChatSession(new ChatClient(_http), feed, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        _http.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_is_complete_and_stamped_with_its_checkpoint()
    {
        _node.Chat.Say("Hel");
        _node.Chat.Say("lo.");
        _node.Chat.End();
        await _session.Ask("Hello?", Redraw).WaitAsync(Patience);

        var turn = Assert.Single(_session.Turns);
        Assert.Equal("Hello.", turn.Answer);
        Assert.Equal(AnswerState.Complete, turn.State);
        Assert.Equal("stop", turn.FinishReason);
        Assert.Equal(2, turn.Tokens);
        Assert.Equal(ScriptedChain.ModelRoot(_node.Chain.CurrentRound - 1), turn.ModelRoot);
        Assert.Equal(96, turn.Height);
    }

    [Fact]
    public async Task Stop_keeps_what_came_and_the_node_stops_generating()
    {
        _node.Chat.Say("half an ");
        var asking = _session.Ask("Tell me", Redraw);
        await _firstText.Task.WaitAsync(Patience);
        _session.Stop();
        await asking.WaitAsync(Patience);

        Assert.Equal("half an ", _session.Turns[0].Answer);
        Assert.Equal(AnswerState.Stopped, _session.Turns[0].State);
        await _node.Chat.Cancelled.Task.WaitAsync(Patience);
        Assert.False(_session.Busy);
    }

    [Fact]
    public async Task An_error_in_the_stream_keeps_what_came_and_can_be_retried()
    {
        _node.Chat.Say("half ");
        _node.Chat.Break("the checkpoint changed");
        await _session.Ask("Tell me", Redraw).WaitAsync(Patience);
        Assert.Equal(AnswerState.Failed, _session.Turns[0].State);
        Assert.Equal("half ", _session.Turns[0].Answer);
        Assert.Equal("the checkpoint changed", _session.Turns[0].Problem);

        _node.Chat.Say("whole");
        _node.Chat.End();
        await _session.Retry(Redraw).WaitAsync(Patience);
        Assert.Equal("whole", Assert.Single(_session.Turns).Answer);
    }

    [Fact]
    public async Task A_refusal_is_shown_in_the_nodes_words()
    {
        _node.Chat.Refusal = "messages is 5,000 tokens long; at most 128 fit";
        await _session.Ask("long", Redraw).WaitAsync(Patience);
        Assert.Equal(AnswerState.Failed, _session.Turns[0].State);
        Assert.Equal("messages is 5,000 tokens long; at most 128 fit", _session.Turns[0].Problem);
    }

    [Fact]
    public async Task A_node_that_is_away_is_named()
    {
        await _node.DisposeAsync();
        await _session.Ask("anyone?", Redraw).WaitAsync(Patience);
        Assert.Equal(AnswerState.Failed, _session.Turns[0].State);
        Assert.Contains("does not answer", _session.Turns[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_and_the_conversation_so_far_are_sent()
    {
        _session.Sampling.Temperature = 0.2;
        _session.Sampling.TopK = 7;
        _session.Sampling.Seed = 42;
        _session.Sampling.Stop = "END\n\n";
        _node.Chat.Say("first answer");
        _node.Chat.End();
        await _session.Ask("first", Redraw).WaitAsync(Patience);
        _node.Chat.Say("second answer");
        _node.Chat.End();
        await _session.Ask("second", Redraw).WaitAsync(Patience);

        var sent = _node.Chat.LastRequest!.Value;
        Assert.Equal(0.2, sent.GetProperty("temperature").GetDouble());
        Assert.Equal(7, sent.GetProperty("top_k").GetInt32());
        Assert.Equal(42, sent.GetProperty("seed").GetInt64());
        Assert.True(sent.GetProperty("stream").GetBoolean());
        Assert.Equal(["END"], sent.GetProperty("stop").EnumerateArray().Select(stop => stop.GetString()));
        Assert.Equal(
            ["first", "first answer", "second"], sent.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString()));
    }

    private Task Redraw()
    {
        if (_session.Turns is [.., { Batches.Count: > 0 }])
        {
            _firstText.TrySetResult();
        }

        return Task.CompletedTask;
    }
}
