using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Basilisk.Web.Live;

namespace Basilisk.Web.Chat;

/// <summary>
/// One conversation. Pieces that arrive within <see cref="BatchInterval"/> are drawn together; a stop or an error keeps
/// everything that came.
/// </summary>
public sealed class ChatSession(ChatClient client, LiveFeed feed, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(75);

    private readonly List<ChatTurn> _turns = [];
    private CancellationTokenSource? _running;

    public Sampling Sampling { get; } = new();

    public IReadOnlyList<ChatTurn> Turns => _turns;

    public bool Busy => _running is not null;

    /// <summary>Asks and draws the answer as it comes.</summary>
    /// <param name="question">Text of the person; not blank.</param>
    /// <param name="redraw">Called after every batch.</param>
    public async Task Ask(string question, Func<Task> redraw)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(question);
        if (Busy)
        {
            throw new InvalidOperationException("An answer is still being generated: stop it first.");
        }

        var turn = new ChatTurn(question.Trim());
        var request = Sampling.Request([.. Context(), new ChatMessage("user", turn.Question)]);
        _turns.Add(turn);
        await Generate(turn, request, redraw);
    }

    /// <summary>Asks the last question again in place of its answer.</summary>
    public async Task Retry(Func<Task> redraw)
    {
        if (!Busy && _turns is [.., var last])
        {
            _turns.RemoveAt(_turns.Count - 1);
            await Ask(last.Question, redraw);
        }
    }

    /// <summary>Ends the answer being generated; the node stops too.</summary>
    public void Stop() => _running?.Cancel();

    /// <summary>Forgets the conversation.</summary>
    public void Clear()
    {
        Stop();
        _turns.Clear();
    }

    public void Dispose()
    {
        // The loop in Generate sees the cancellation and disposes of the source.
        Stop();
    }

    private IEnumerable<ChatMessage> Context() => _turns
        .Where(turn => turn.State is AnswerState.Complete or AnswerState.Stopped && turn.Batches.Count > 0)
        .SelectMany(turn => new[] { new ChatMessage("user", turn.Question), new ChatMessage("assistant", turn.Answer) });

    private async Task Generate(ChatTurn turn, ChatRequest request, Func<Task> redraw)
    {
        using var running = _running = new CancellationTokenSource();
        var started = time.GetTimestamp();
        var events = Channel.CreateUnbounded<ChatEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var pump = Pump(request, events.Writer, running.Token);
        try
        {
            await redraw();
            while (await events.Reader.WaitToReadAsync(running.Token))
            {
                Take(turn, events.Reader, time.GetElapsedTime(started));
                await redraw();
                await Task.Delay(BatchInterval, time, running.Token);
            }

            turn.State = turn.Problem is null ? AnswerState.Complete : AnswerState.Failed;
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            Take(turn, events.Reader, time.GetElapsedTime(started));
            turn.State = AnswerState.Stopped;
        }
        finally
        {
            _running = null;
            await pump;
        }

        await redraw();
    }

    /// <summary>Moves events into the channel; ends it in every case.</summary>
    private async Task Pump(ChatRequest request, ChannelWriter<ChatEvent> writer, CancellationToken stop)
    {
        try
        {
            await foreach (var happened in client.Complete(request, stop))
            {
                writer.TryWrite(happened);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The person stopped it: the reader knows.
        }
        finally
        {
            writer.TryComplete();
        }
    }

    /// <summary>Takes over everything that has arrived, as one batch of text.</summary>
    private void Take(ChatTurn turn, ChannelReader<ChatEvent> reader, TimeSpan elapsed)
    {
        var text = new StringBuilder();
        while (reader.TryRead(out var happened))
        {
            switch (happened)
            {
                case ChatEvent.Piece piece:
                    text.Append(piece.Text);
                    turn.Tokens++;
                    turn.Elapsed = elapsed;
                    break;
                case ChatEvent.Stamp stamp when turn.ModelRoot is null:
                    turn.ModelRoot = stamp.Fingerprint;
                    turn.Height = HeightOf(stamp);
                    break;
                case ChatEvent.Usage usage:
                    turn.Tokens = usage.CompletionTokens;
                    break;
                case ChatEvent.Finished finished:
                    turn.FinishReason = finished.Reason;
                    break;
                case ChatEvent.Failed failed:
                    turn.Problem = failed.Message;
                    break;
            }
        }

        if (text.Length > 0)
        {
            turn.Append(text.ToString());
        }
    }

    private long? HeightOf(ChatEvent.Stamp stamp)
    {
        if (stamp.Model?.Split('@') is [_, var named] && long.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var height))
        {
            return height;
        }

        if (feed.State.Quality.LastOrDefault(point => point.ModelRoot == stamp.Fingerprint) is { } measured)
        {
            return measured.Height;
        }

        // Before the first settlement nothing is measured yet, and the checkpoint in force is genesis's.
        return feed.State.Status is { Round: 0 } status && status.ModelRoot == stamp.Fingerprint ? 0 : null;
    }
}
