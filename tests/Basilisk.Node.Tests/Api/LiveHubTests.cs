using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Basilisk.Contracts;
using Basilisk.Contracts.Live;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary>The live feed over SignalR's own JSON protocol, frame by frame.</summary>
[Collection(RunningNodeTests.Name)]
public sealed class LiveHubTests(RunningNode node)
{
    private const char EndOfFrame = '\u001e';

    [Fact]
    public async Task A_subscriber_gets_a_snapshot_and_then_every_delta_by_number()
    {
        await node.UntilAsync(view => view.Round >= 1, "the first round has ended");
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(node.SocketUrl + Routes.Hub), TestContext.Current.CancellationToken);
        var frames = new FrameReader(socket);
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        Assert.Equal("{}", (await frames.NextAsync()).ToString());
        await SendAsync(socket, $$"""{"type":1,"invocationId":"1","target":"{{LiveMethods.Subscribe}}","arguments":[]}""");

        var deltas = new List<JsonElement>();
        JsonElement? snapshot = null;
        while (deltas.Count < 40 || snapshot is null)
        {
            JsonElement frame = await frames.NextAsync();
            switch (frame.GetProperty("type").GetInt32())
            {
                case 1:
                    Assert.Equal(LiveMethods.Delta, frame.GetProperty("target").GetString());
                    deltas.Add(frame.GetProperty("arguments")[0]);
                    break;
                case 3:
                    snapshot = frame.GetProperty("result");
                    break;
            }
        }

        long start = snapshot.Value.GetProperty("sequence").GetInt64();
        Assert.True(snapshot.Value.GetProperty("blocks").GetArrayLength() > 0);
        Assert.Equal("pending", snapshot.Value.GetProperty("blocks")[0].GetProperty("reward").GetString());
        long[] numbers = [.. deltas.Select(delta => delta.GetProperty("sequence").GetInt64())];
        Assert.Equal(Enumerable.Range(0, numbers.Length).Select(i => numbers[0] + i), numbers);
        Assert.True(numbers[0] <= start + 1, $"The first delta is {numbers[0]}; the snapshot ends at {start}.");
        Assert.Contains(deltas, delta => delta.GetProperty("block").ValueKind == JsonValueKind.Object);
        long[] heights = [.. deltas.Where(delta => delta.GetProperty("block").ValueKind == JsonValueKind.Object).Select(delta => delta.GetProperty("block").GetProperty("height").GetInt64())];
        Assert.Equal(heights.Order(), heights);
    }

    private static Task SendAsync(ClientWebSocket socket, string frame) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame + EndOfFrame), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private sealed class FrameReader(ClientWebSocket socket)
    {
        private readonly StringBuilder _text = new();
        private readonly byte[] _buffer = new byte[64 * 1024];
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

        public async Task<JsonElement> NextAsync()
        {
            while (true)
            {
                string text = _text.ToString();
                int end = text.IndexOf(EndOfFrame, StringComparison.Ordinal);
                if (end >= 0)
                {
                    _text.Remove(0, end + 1);
                    return JsonDocument.Parse(text[..end]).RootElement;
                }

                ValueWebSocketReceiveResult part = await socket.ReceiveAsync(_buffer.AsMemory(), TestContext.Current.CancellationToken);
                var characters = new char[part.Count];
                _text.Append(characters, 0, _decoder.GetChars(_buffer.AsSpan(0, part.Count), characters, flush: false));
            }
        }
    }
}
