using System.Net.Http.Headers;
using System.Text.Json;
using Basilisk.Contracts.Errors;
using Basilisk.Node.Api.Control;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Cli.Control;

/// <summary>Asks a running node of this machine to do something, with the control token of its data directory.</summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;

    /// <exception cref="ControlTokenMissingException">The data directory has no token that can be read.</exception>
    public ControlClient(Uri node, string dataDirectory)
    {
        _http = new HttpClient { BaseAddress = node, Timeout = Patience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ControlToken.Read(dataDirectory));
    }

    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, path, cancellation);

    public Task<T> PostAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Post, path, cancellation);

    public Task<T> DeleteAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Delete, path, cancellation);

    public void Dispose() => _http.Dispose();

    /// <exception cref="NodeUnreachableException">No node answers.</exception>
    /// <exception cref="NodeRefusedException">It refused; the message has its token and its reason.</exception>
    private async Task<T> SendAsync<T>(HttpMethod method, string path, CancellationToken cancellation)
    {
        string node = _http.BaseAddress!.ToString();
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                ApiError? error = await response.Content.ReadFromJsonAsync<ApiError>(Json, cancellation);
                throw new NodeRefusedException(path, error is null ? $"status {(int)response.StatusCode}" : $"{error.Message} ({error.Token})");
            }

            return await response.Content.ReadFromJsonAsync<T>(Json, cancellation) ?? throw new NodeUnreachableException(node, "its answer is empty.");
        }
        catch (HttpRequestException error)
        {
            throw new NodeUnreachableException(node, error.Message.TrimEnd('.') + ".");
        }
        catch (JsonException)
        {
            throw new NodeUnreachableException(node, "what answers there is no Basilisk node.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NodeUnreachableException(node, $"nothing came within {Patience.TotalSeconds:0} s.");
        }
    }
}
