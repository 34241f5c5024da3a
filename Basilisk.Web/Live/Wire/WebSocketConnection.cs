using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Basilisk.Web.Live.Wire;

/// <summary>A WebSocket as the byte pipe that SignalR's client reads and writes. Two pumps move bytes until either side ends.</summary>
internal sealed class WebSocketConnection : ConnectionContext
{
    private static readonly TimeSpan CloseWait = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _pumps;

    public WebSocketConnection(WebSocket socket)
    {
        _socket = socket;
        var received = new Pipe();
        var toSend = new Pipe();
        Transport = new DuplexPipe(received.Reader, toSend.Writer);
        _pumps = Task.WhenAll(Receive(received.Writer), Send(toSend.Reader));
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        _stop.CancelAfter(CloseWait);
        await _pumps;
        _socket.Dispose();
        _stop.Dispose();
        await base.DisposeAsync();
    }

    private async Task Receive(PipeWriter writer)
    {
        Exception? ended = null;
        try
        {
            while (true)
            {
                var memory = writer.GetMemory(4096);
                var result = await _socket.ReceiveAsync(memory, _stop.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                writer.Advance(result.Count);
                if ((await writer.FlushAsync(_stop.Token)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception problem) when (problem is WebSocketException or OperationCanceledException or IOException)
        {
            // Handed to the reader of the pipe: the hub connection closes with it.
            ended = problem is OperationCanceledException ? null : problem;
        }

        await writer.CompleteAsync(ended);
    }

    private async Task Send(PipeReader reader)
    {
        Exception? ended = null;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(_stop.Token);
                foreach (var segment in result.Buffer)
                {
                    await _socket.SendAsync(segment, WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }

            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _stop.Token);
            }
        }
        catch (Exception problem) when (problem is WebSocketException or OperationCanceledException or IOException)
        {
            // Handed to the writer of the pipe: its next flush reports completion.
            ended = problem;
        }

        await reader.CompleteAsync(ended);
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
