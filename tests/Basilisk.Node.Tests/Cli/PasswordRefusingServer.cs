using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Basilisk.Node.Tests.Cli;

/// <summary>
/// The part of PostgreSQL's protocol (version 3.0, "Start-up" and "Error response") that refuses a password: asks for it in clear and
/// answers with SQLSTATE 28P01. A real server would have to be set up to ask for one.
/// </summary>
internal sealed class PasswordRefusingServer : IAsyncDisposable
{
    private const int ClearTextPassword = 3;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public PasswordRefusingServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await using NetworkStream stream = client.GetStream();
                await RefuseAsync(stream);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or EndOfStreamException)
        {
            return; // The test is over.
        }
    }

    private async Task RefuseAsync(NetworkStream stream)
    {
        await ReadBodyAsync(stream); // the start-up packet has no type
        byte[] question = [(byte)'R', 0, 0, 0, 8, 0, 0, 0, ClearTextPassword];
        await stream.WriteAsync(question, _stopping.Token);
        await stream.ReadExactlyAsync(new byte[1], _stopping.Token);
        await ReadBodyAsync(stream);
        byte[] fields = Encoding.ASCII.GetBytes("SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"basilisk\"\0\0");
        byte[] answer = new byte[5 + fields.Length];
        answer[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(1), fields.Length + 4);
        fields.CopyTo(answer, 5);
        await stream.WriteAsync(answer, _stopping.Token);
    }

    private async Task ReadBodyAsync(NetworkStream stream)
    {
        byte[] length = new byte[4];
        await stream.ReadExactlyAsync(length, _stopping.Token);
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4], _stopping.Token);
    }
}
