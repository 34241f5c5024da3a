using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Basilisk.Node.Sieges;

/// <summary>Calls a node's JSON-RPC again and again, as a wallet does, and notes how long each answer takes.</summary>
internal sealed class RpcProbe(HttpClient http, TimeProvider time, TimeSpan every)
{
    private static readonly string[] Calls =
    [
        """{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}""",
        """{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x0000000000000000000000000000000000000001","latest"]}""",
    ];

    /// <summary>
    /// Calls until cancelled, on a thread of its own: what the attackers in this process keep the thread pool busy with is not the node's delay.
    /// </summary>
    public Task<RpcLatency> RunAsync(CancellationToken stop) =>
        Task.Factory.StartNew(() => Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private RpcLatency Run(CancellationToken stop)
    {
        var milliseconds = new List<double>();
        int failures = 0;
        for (int call = 0; !stop.IsCancellationRequested; call++)
        {
            long start = time.GetTimestamp();
            if (Call(Calls[call % Calls.Length]))
            {
                milliseconds.Add(time.GetElapsedTime(start).TotalMilliseconds);
            }
            else
            {
                failures++;
            }

            stop.WaitHandle.WaitOne(every);
        }

        milliseconds.Sort();
        return new RpcLatency(milliseconds.Count, failures, Quantile.Of(milliseconds, 0.5), Quantile.Of(milliseconds, 0.99));
    }

    private bool Call(string call)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(call, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")) };
            using HttpResponseMessage response = http.Send(request);
            using JsonDocument answer = JsonDocument.Parse(response.Content.ReadAsStream());
            return answer.RootElement.TryGetProperty("result", out _);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            return false; // counted
        }
    }
}
