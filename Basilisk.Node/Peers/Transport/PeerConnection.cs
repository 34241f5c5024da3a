using System.Net;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Peers.Policy;

namespace Basilisk.Node.Peers.Transport;

/// <summary>
/// A live connection. Three loops: one reads frames and gives answers to whoever asked, one writes what waits to be sent, one hands requests
/// and announcements to the handler. A watch once a second holds the deadlines. Every queue between them is bounded.
/// </summary>
internal sealed class PeerConnection : IPeer
{
    private readonly SecureChannel _channel;
    private readonly ConnectionServices _services;
    private readonly FrameReader _frames;
    private readonly FrameWriter _writer;
    private readonly BoundedQueue<byte[]> _outgoing;
    private readonly BoundedQueue<PeerMessage> _incoming;
    private readonly OpenRequests _requests;
    private readonly UnansweredRequests _unanswered;
    private readonly Upload _upload;
    private readonly IncomingLimits _incomingLimits;
    private readonly KeepAlive _keepAlive;
    private readonly long _began;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Goodbye? _reason;
    private long _closedAt;
    private long _sent;

    /// <param name="channel">The secured connection; belongs to this one from here on.</param>
    /// <param name="frames">The reader that the handshake used.</param>
    /// <param name="hello">What the peer said of itself.</param>
    /// <param name="isInbound">Whether it dialled.</param>
    /// <param name="services">What all connections share.</param>
    public PeerConnection(SecureChannel channel, FrameReader frames, Hello hello, bool isInbound, ConnectionServices services)
    {
        _channel = channel;
        _services = services;
        _frames = frames;
        Hello = hello;
        IsInbound = isInbound;
        _writer = new FrameWriter(channel.Output, services.Time);
        _outgoing = new BoundedQueue<byte[]>(services.Limits.OutgoingMessages, services.Limits.OutgoingBytes);
        _incoming = new BoundedQueue<PeerMessage>(services.Limits.IncomingMessages, services.Limits.IncomingBytes);
        _requests = new OpenRequests(services.Codec.Caps, services.Limits, services.Time);
        _unanswered = new UnansweredRequests(this);
        _upload = new Upload(Upload.OfPeer(services.Options, services.Time), services.Upload);
        _incomingLimits = new IncomingLimits(this, services.Codec.Caps, _requests, _unanswered, services.Limits, services.Time);
        _keepAlive = new KeepAlive(services.Limits, services.Time);
        _began = services.Time.GetTimestamp();
    }

    public PeerId Id => _channel.Peer;

    public IPEndPoint Remote => _channel.Remote;

    public bool IsInbound { get; }

    public Hello Hello { get; }

    public bool IsBootstrap => Hello.Network.IsZero;

    public CancellationToken Closed => _closed.Token;

    public TimeSpan? RoundTrip => _keepAlive.RoundTrip;

    public long BytesReceived => _frames.Received;

    public long BytesSent => Interlocked.Read(ref _sent);

    public TimeSpan Age => _services.Time.GetElapsedTime(_began);

    /// <summary>The offence that was one too many; null where there was none.</summary>
    public Refusal? BannedFor { get; set; }

    /// <summary>Why it was closed, and by whom; null while it lives.</summary>
    public Goodbye? Reason => Volatile.Read(ref _reason);

    /// <summary>Completes when nothing of the connection is left but, perhaps, a handler that has not noticed yet.</summary>
    public Task Ended => _ended.Task;

    public async ValueTask SendAsync(PeerMessage message, CancellationToken cancellation)
    {
        byte[] bytes = _services.Codec.Encode(message);
        if (OpenRequests.Answers(message))
        {
            await PaceAsync(bytes.Length, cancellation);
            _unanswered.Answered();
        }

        if (!MayHear(message.Kind) || !await _outgoing.PutAsync(bytes, bytes.Length, cancellation))
        {
            throw new PeerGoneException(Id);
        }
    }

    public bool TrySend(PeerMessage message) => !Closed.IsCancellationRequested && TrySend(message.Kind, _services.Codec.Encode(message));

    /// <summary>As <see cref="TrySend(PeerMessage)"/>, with bytes that several connections share.</summary>
    public bool TrySend(MessageKind kind, byte[] bytes)
    {
        if (Closed.IsCancellationRequested || !MayHear(kind))
        {
            return false;
        }

        bool taken = _outgoing.TryPut(bytes, bytes.Length);
        if (!taken)
        {
            _services.Counters.CountDropped();
        }

        return taken;
    }

    public async Task<Verdict<TAnswer>> AskAsync<TAnswer>(PeerRequest request, CancellationToken cancellation)
        where TAnswer : PeerAnswer
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Closed);
        try
        {
            await _requests.PlaceAsync(both.Token);
            return await AskNowAsync<TAnswer>(request, cancellation);
        }
        catch (Exception error) when (error is PeerGoneException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new Refusal(RefusalKind.State, PeerTokens.Gone, "The connection has ended.");
        }
    }

    public void Report(Offence offence, Refusal? refusal = null) => _services.Report(this, offence, refusal);

    public void Close(string token, string detail) => Close(new Goodbye(token, detail), say: true);

    /// <summary>Runs the connection until it has ended.</summary>
    public async Task RunAsync()
    {
        Task writing = WriteLoopAsync();
        Task handling = HandleLoopAsync();
        await using (ITimer watch = _services.Time.CreateTimer(_ => Watch(), null, KeepAlive.Tick, KeepAlive.Tick))
        {
            await ReadLoopAsync();
            Close(new Goodbye(PeerTokens.Gone, "The peer closed the connection."), say: false);
            Abort();
            await writing;
        }

        await _channel.DisposeAsync();
        _ended.SetResult();
        await handling;
    }

    /// <summary>Cuts the connection without a word.</summary>
    public void Abort()
    {
        _abort.Cancel();
        _channel.Abort();
    }

    private async ValueTask PaceAsync(int bytes, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Closed);
        try
        {
            await _upload.WaitAsync(FrameReader.LengthBytes + (long)bytes, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PeerGoneException(Id);
        }
    }

    private async Task<Verdict<TAnswer>> AskNowAsync<TAnswer>(PeerRequest request, CancellationToken cancellation)
        where TAnswer : PeerAnswer
    {
        OpenRequest open = _requests.Open(request, _frames.Received);
        try
        {
            await SendAsync(open.Request, cancellation);
        }
        catch
        {
            _requests.Withdraw(open);
            throw;
        }

        try
        {
            Verdict<PeerAnswer> answer = await open.Answer.Task.WaitAsync(cancellation);
            return answer.TryGet(out PeerAnswer? value, out Refusal? refusal)
                ? value as TAnswer ?? throw new ArgumentException($"{request.Kind} is answered by {value.Kind}, not by {typeof(TAnswer).Name}.", nameof(request))
                : refusal;
        }
        finally
        {
            _requests.GiveUp(open);
        }
    }

    private void Close(Goodbye goodbye, bool say)
    {
        if (Interlocked.CompareExchange(ref _reason, goodbye, null) is not null)
        {
            return;
        }

        Volatile.Write(ref _closedAt, _services.Time.GetTimestamp());
        _closed.CancelAsync(); // sets the token now; callbacks run elsewhere
        _outgoing.Finish(say ? _services.Codec.Encode(goodbye) : null, say);
        _incoming.Finish();
        _requests.Close();
        _frames.Stop();
    }

    private async Task ReadLoopAsync()
    {
        try
        {
            while (await ReadFrameAsync())
            {
            }

            if (Reason is not null)
            {
                await _frames.DrainAsync(_abort.Token); // so that what we said last is not lost in a reset
            }
        }
        catch (Exception error) when (ConnectionErrors.IsEnd(error))
        {
            _services.Log.PeerConnectionBroke(Id.Short, error.Message);
        }
    }

    /// <summary>False where there is nothing more to read.</summary>
    private async ValueTask<bool> ReadFrameAsync()
    {
        if (await _frames.ReadHeaderAsync(_abort.Token) is not { } header)
        {
            return false;
        }

        switch (_incomingLimits.Check(header, out Refusal? refusal))
        {
            case FrameFate.Refuse:
                Blame(refusal!);
                return false;
            case FrameFate.Skip:
                return await _frames.SkipBodyAsync(header, _abort.Token);
        }

        Verdict<PeerMessage> decoded = default;
        if (!await _frames.ReadBodyAsync(header, (bytes, _) => decoded = _services.Codec.Decode(bytes), _abort.Token))
        {
            return false;
        }

        _services.Counters.CountReceived(header.Kind, FrameReader.LengthBytes + (long)header.Length);
        if (!decoded.TryGet(out PeerMessage? message, out refusal))
        {
            Blame(refusal);
            return false;
        }

        return await DispatchAsync(message, header.Length);
    }

    private async ValueTask<bool> DispatchAsync(PeerMessage message, uint bytes)
    {
        switch (message)
        {
            case Goodbye goodbye:
                Close(goodbye, say: false);
                return false;
            case Messages.Hello _:
                Blame(new Refusal(RefusalKind.Malformed, PeerTokens.HelloRepeated, "A second Hello."));
                return false;
            case Ping ping:
                TrySend(new Pong(ping.Nonce));
                return true;
            case Pong pong:
                if (!_keepAlive.Take(pong))
                {
                    Report(Offence.UnaskedAnswer);
                }

                return true;
            case PeerAnswer answer when OpenRequests.Answers(answer):
                if (_requests.Take(answer) is AnswerFate.Unasked or AnswerFate.OfAnotherKind)
                {
                    Report(Offence.UnaskedAnswer, new Refusal(RefusalKind.State, PeerTokens.AnswerUnasked, $"{answer.Kind} was not asked for."));
                }

                return true;
            default:
                return await _incoming.PutAsync(message, bytes, _abort.Token);
        }
    }

    private async Task WriteLoopAsync()
    {
        try
        {
            while (await _outgoing.TakeAsync(_abort.Token) is (true, { } message))
            {
                var kind = (MessageKind)message[0];
                long bytes = FrameReader.LengthBytes + (long)message.Length;
                if (!OpenRequests.IsAnswer(kind))
                {
                    _upload.Count(bytes); // Answers were counted while they waited.
                }

                await _writer.WriteAsync(message, _abort.Token);
                Interlocked.Add(ref _sent, bytes);
                _services.Counters.CountSent(kind, bytes);
            }
        }
        catch (Exception error) when (ConnectionErrors.IsEnd(error))
        {
            _services.Log.PeerConnectionBroke(Id.Short, error.Message);
            Abort();
        }
    }

    private async Task HandleLoopAsync()
    {
        try
        {
            while (await _incoming.TakeAsync(CancellationToken.None) is (true, { } message))
            {
                await _services.Handler.HandleAsync(this, message, Closed);
            }
        }
        catch (Exception error) when (error is PeerGoneException || (error is OperationCanceledException && Closed.IsCancellationRequested))
        {
            _services.Log.PeerConnectionBroke(Id.Short, error.Message);
        }
        catch (Exception error)
        {
            _services.Log.PeerHandlerFailed(error, Id.Short);
            Close(PeerTokens.Internal, "The node failed to act on a message.");
        }
    }

    private void Blame(Refusal refusal)
    {
        Report(Offence.Malformed, refusal);
        Close(refusal.Token, refusal.ToString());
    }

    /// <summary>A peer without a network understands only what it may ask for.</summary>
    private bool MayHear(MessageKind kind) => !IsBootstrap || kind is MessageKind.Hello or MessageKind.Goodbye or MessageKind.Ping or MessageKind.Pong
        or MessageKind.NotServed or MessageKind.DataChunk or MessageKind.NetworkDescription;

    private void Watch()
    {
        if (Reason is not null)
        {
            if (_services.Time.GetElapsedTime(Volatile.Read(ref _closedAt)) > _services.Limits.Linger)
            {
                Abort();
            }

            return;
        }

        if (_frames.IsStalled(_services.Limits))
        {
            Report(Offence.Stalled);
            Close(PeerTokens.Stalled, "A frame took too long.");
        }
        else if (_writer.IsStalled(_services.Limits))
        {
            Close(PeerTokens.Stalled, "The peer reads too slowly.");
        }
        else if (_frames.Quiet > _services.Limits.Silence)
        {
            Close(PeerTokens.Timeout, "The peer fell silent.");
        }
        else if (_keepAlive.NextPing() is { } ping && !TrySend(ping))
        {
            _keepAlive.Cancel();
        }

        if (!_requests.Expire(_frames.Received))
        {
            Close(PeerTokens.Timeout, "No request is answered.");
        }
    }
}
