using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Basilisk.Node.Api.JsonRpc.Wire;

namespace Basilisk.Node.Api.JsonRpc.Sockets;

/// <summary>
/// One WebSocket: reads calls, writes answers and notifications through one bounded queue. A client that does not read fast
/// enough is closed rather than kept in memory; one that neither calls nor follows anything is closed after a while.
/// </summary>
internal sealed class SocketConnection
{
    private const int QueueLength = 1024;
    private const int MostSubscriptions = 16;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(5);

    private readonly WebSocket _socket;
    private readonly RpcDispatcher _dispatcher;
    private readonly SubscriptionFeed _feed;
    private readonly long _maxMessage;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FeedTopic> _subscriptions = new(StringComparer.Ordinal);
    private readonly Channel<string> _outgoing = Channel.CreateBounded<string>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Dictionary<string, RpcMethod> _methods;
    private readonly CancellationTokenSource _tooSlow = new();
    private long _nextId;

    public SocketConnection(WebSocket socket, RpcDispatcher dispatcher, SubscriptionFeed feed, long maxMessage, TimeProvider time)
    {
        _socket = socket;
        _dispatcher = dispatcher;
        _feed = feed;
        _maxMessage = maxMessage;
        _time = time;
        _nextId = Random.Shared.NextInt64(1L << 48);
        _methods = new Dictionary<string, RpcMethod>(StringComparer.Ordinal)
        {
            ["eth_subscribe"] = (parameters, _) => Task.FromResult(Subscribe(parameters)),
            ["eth_unsubscribe"] = (parameters, _) => Task.FromResult(Unsubscribe(parameters)),
        };
    }

    /// <summary>Serves the connection until either side ends it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _tooSlow.Token);
        _feed.Add(Notify);
        Task writing = WriteAsync(ended.Token);
        try
        {
            await ReadAsync(ended);
            _outgoing.Writer.TryComplete();
            await writing;
            await CloseAsync();
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException)
        {
            _socket.Abort(); // The client went, the node stops, or the client did not keep up.
        }
        finally
        {
            _feed.Remove(Notify);
            _outgoing.Writer.TryComplete();
            await ended.CancelAsync();
            await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            _tooSlow.Dispose();
        }
    }

    private async Task ReadAsync(CancellationTokenSource ended)
    {
        var buffer = new byte[16 * 1024];
        using var message = new MemoryStream();
        while (true)
        {
            using var idle = new CancellationTokenSource(IdleTimeout, _time);
            using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, idle.Token);
            CancellationToken patience = HasSubscriptions ? ended.Token : waiting.Token;
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), patience);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (message.Length + part.Count > _maxMessage)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, $"at most {_maxMessage} bytes", ended.Token);
                return;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                if (await _dispatcher.AnswerAsync(message.ToArray(), _methods, ended.Token) is { } answer)
                {
                    await _outgoing.Writer.WriteAsync(answer.ToJsonString(), ended.Token);
                }

                message.SetLength(0);
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await foreach (string text in _outgoing.Reader.ReadAllAsync(cancellation))
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancellation);
        }
    }

    private async Task CloseAsync()
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        }
    }

    private bool HasSubscriptions
    {
        get
        {
            lock (_gate)
            {
                return _subscriptions.Count > 0;
            }
        }
    }

    private RpcResult Subscribe(RpcParams parameters)
    {
        string topic = parameters.String(0, "subscription");
        if (parameters.Error is { } error)
        {
            return error;
        }

        FeedTopic? known = topic switch
        {
            "newHeads" => FeedTopic.NewHeads,
            "newPendingTransactions" => FeedTopic.NewPendingTransactions,
            "logs" => FeedTopic.Logs,
            _ => null,
        };
        if (known is not { } found)
        {
            return new RpcError(RpcCodes.InvalidParams, $"no \"{topic}\" subscription in eth namespace", "subscription-unknown");
        }

        lock (_gate)
        {
            if (_subscriptions.Count >= MostSubscriptions)
            {
                return new RpcError(RpcCodes.LimitExceeded, $"a connection has at most {MostSubscriptions} subscriptions", "too-many-subscriptions");
            }

            string id = NewId();
            _subscriptions.Add(id, found);
            return id;
        }
    }

    private RpcResult Unsubscribe(RpcParams parameters)
    {
        string id = parameters.String(0, "subscription id");
        if (parameters.Error is { } error)
        {
            return error;
        }

        lock (_gate)
        {
            return _subscriptions.Remove(id);
        }
    }

    private string NewId() => "0x" + Interlocked.Increment(ref _nextId).ToString("x", CultureInfo.InvariantCulture);

    private void Notify(FeedTopic topic, JsonNode value)
    {
        string[] ids;
        lock (_gate)
        {
            ids = [.. _subscriptions.Where(pair => pair.Value == topic).Select(pair => pair.Key)];
        }

        foreach (string id in ids)
        {
            var notification = new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = "eth_subscription",
                ["params"] = new JsonObject { ["subscription"] = id, ["result"] = value.DeepClone() },
            };
            if (!_outgoing.Writer.TryWrite(notification.ToJsonString()))
            {
                DropSlowReader();
                return;
            }
        }
    }

    private void DropSlowReader()
    {
        try
        {
            _tooSlow.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return; // It has ended by itself.
        }
    }
}
