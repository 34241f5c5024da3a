using Basilisk.Chain.Refusals;
using Basilisk.Node.Peers.Messages;

namespace Basilisk.Node.Peers.Transport;

/// <summary>What became of an answer.</summary>
internal enum AnswerFate
{
    /// <summary>Somebody waited for it.</summary>
    Expected,

    /// <summary>Somebody had waited for it, and given up.</summary>
    Late,

    /// <summary>Nobody asked.</summary>
    Unasked,

    /// <summary>Another kind was asked for under this id.</summary>
    OfAnotherKind,
}

/// <summary>
/// The requests open with one peer. One that is given up stays open until its answer has come, so that a peer which answers slowly is never asked
/// for more at once than the protocol allows. Thread-safe.
/// </summary>
internal sealed class OpenRequests(MessageCaps caps, TransportLimits limits, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _places = new(limits.OpenRequests);
    private readonly Dictionary<ulong, OpenRequest> _open = [];
    private readonly Dictionary<ulong, OpenRequest> _givenUp = [];
    private ulong _last;
    private bool _closed;

    /// <summary>The kind of answer that a request wants.</summary>
    public static MessageKind AnswerKind(PeerRequest request) => request switch
    {
        GetAddresses => MessageKind.Addresses,
        GetHeaders => MessageKind.Headers,
        GetTransactions => MessageKind.Transactions,
        GetBlockParts => MessageKind.BlockParts,
        GetBlocks => MessageKind.Blocks,
        GetSnapshot => MessageKind.SnapshotOffer,
        GetStateChunk => MessageKind.StateChunk,
        GetData => MessageKind.DataChunk,
        GetNetwork => MessageKind.NetworkDescription,
        _ => throw new ArgumentException($"{request.GetType().Name} has no answer.", nameof(request)),
    };

    public static bool IsRequest(MessageKind kind) => kind is MessageKind.GetAddresses or MessageKind.GetHeaders or MessageKind.GetTransactions
        or MessageKind.GetBlockParts or MessageKind.GetBlocks or MessageKind.GetSnapshot or MessageKind.GetStateChunk or MessageKind.GetData or MessageKind.GetNetwork;

    public static bool IsAnswer(MessageKind kind) => kind is MessageKind.Addresses or MessageKind.Headers or MessageKind.Transactions
        or MessageKind.BlockParts or MessageKind.Blocks or MessageKind.SnapshotOffer or MessageKind.StateChunk or MessageKind.DataChunk
        or MessageKind.NetworkDescription or MessageKind.NotServed;

    public static bool Answers(PeerMessage message) => message is PeerAnswer and not Addresses { RequestId: 0 };

    /// <summary>Waits until one more may be open: <see cref="Open"/> takes the place.</summary>
    public Task PlaceAsync(CancellationToken cancellation) => _places.WaitAsync(cancellation);

    /// <summary>Opens a request under an id of its own.</summary>
    /// <param name="received">Bytes received from the peer so far.</param>
    public OpenRequest Open(PeerRequest request, long received)
    {
        MessageKind answer = AnswerKind(request);
        lock (_gate)
        {
            var open = new OpenRequest(request with { RequestId = ++_last }, answer) { SentAt = time.GetTimestamp(), ReceivedThen = received };
            if (_closed)
            {
                open.Answer.TrySetResult(NoAnswer(PeerTokens.Gone, "The connection ended before the answer came."));
            }
            else
            {
                _open.Add(open.Request.RequestId, open);
            }

            return open;
        }
    }

    /// <summary>Stops waiting; an answer that still comes is no offence.</summary>
    public void GiveUp(OpenRequest open)
    {
        lock (_gate)
        {
            if (_open.Remove(open.Request.RequestId))
            {
                _givenUp.Add(open.Request.RequestId, open);
            }
        }
    }

    /// <summary>Takes back a request that was not sent: no answer will come.</summary>
    public void Withdraw(OpenRequest open)
    {
        lock (_gate)
        {
            if (_open.Remove(open.Request.RequestId))
            {
                _places.Release();
            }
        }
    }

    /// <summary>Most bytes that an answer of a kind may have now; 0 where nobody asked for one.</summary>
    public int CapOf(MessageKind answer)
    {
        lock (_gate)
        {
            return _open.Values.Concat(_givenUp.Values)
                .Where(open => open.AnswerKind == answer || answer == MessageKind.NotServed)
                .Select(open => caps.FrameBytes(open.Request, answer))
                .DefaultIfEmpty(0)
                .Max();
        }
    }

    public AnswerFate Take(PeerAnswer answer)
    {
        lock (_gate)
        {
            bool isLate = _givenUp.Remove(answer.RequestId);
            if (!_open.Remove(answer.RequestId, out OpenRequest? open) && !isLate)
            {
                return AnswerFate.Unasked;
            }

            _places.Release();
            if (open is null)
            {
                return AnswerFate.Late;
            }

            if (answer is NotServed notServed)
            {
                open.Answer.TrySetResult(NoAnswer(PeerTokens.NotServed, $"The peer does not serve it: {notServed.Token}."));
                return AnswerFate.Expected;
            }

            bool isAsked = answer.Kind == open.AnswerKind;
            open.Answer.TrySetResult(isAsked ? answer : NoAnswer(PeerTokens.WrongAnswer, $"The peer answered {answer.Kind} instead of {open.AnswerKind}."));
            return isAsked ? AnswerFate.Expected : AnswerFate.OfAnotherKind;
        }
    }

    /// <summary>Gives up what took too long. Bytes that keep coming extend the time: a large answer on a slow line is no silence.</summary>
    /// <returns>False where the peer has answered none of as many as may be open: it can be asked nothing more.</returns>
    public bool Expire(long received)
    {
        lock (_gate)
        {
            foreach (OpenRequest open in _open.Values.Where(open => IsOverdue(open, received)).ToList())
            {
                _open.Remove(open.Request.RequestId);
                _givenUp.Add(open.Request.RequestId, open);
                open.Answer.TrySetResult(NoAnswer(PeerTokens.Timeout, $"The peer did not answer {open.Request.Kind} in time."));
            }

            return _givenUp.Values.Count(open => IsOverdue(open, received)) < limits.OpenRequests;
        }
    }

    /// <summary>The connection ended: whoever waits is told.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (OpenRequest open in _open.Values)
            {
                open.Answer.TrySetResult(NoAnswer(PeerTokens.Gone, "The connection ended before the answer came."));
            }

            _open.Clear();
        }
    }

    private static Verdict<PeerAnswer> NoAnswer(string token, string why) => new Refusal(RefusalKind.State, token, why);

    private bool IsOverdue(OpenRequest open, long received) =>
        time.GetElapsedTime(open.SentAt) > limits.Answer + TimeSpan.FromSeconds((double)(received - open.ReceivedThen) / limits.BytesPerSecond);
}

/// <summary>A request that waits for its answer.</summary>
internal sealed class OpenRequest(PeerRequest request, MessageKind answerKind)
{
    public PeerRequest Request { get; } = request;

    public MessageKind AnswerKind { get; } = answerKind;

    public long SentAt { get; init; }

    public long ReceivedThen { get; init; }

    public TaskCompletionSource<Verdict<PeerAnswer>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
