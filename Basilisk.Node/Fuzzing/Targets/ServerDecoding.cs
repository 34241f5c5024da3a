using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Basilisk.Contracts.Errors;
using Basilisk.Node.Api.JsonRpc;
using Basilisk.Node.Api.OpenAi;
using Basilisk.Node.Fuzzing.Samples;

namespace Basilisk.Node.Fuzzing.Targets;

/// <summary>
/// What the HTTP surface reads, asked of a whole node in this process. A server answers exceptions too, with "internal" or status 500:
/// here they count as crashes.
/// </summary>
internal static class ServerDecoding
{
    public static FuzzVerdict JsonRpc(FuzzSamples samples, ReadOnlyMemory<byte> bytes)
    {
        RpcDispatcher dispatcher = samples.Node.Services.GetRequiredService<RpcDispatcher>();
        JsonNode? answer = Wait(dispatcher.AnswerAsync(bytes, null, CancellationToken.None));
        _ = answer?.ToJsonString(); // as the endpoint writes it
        return answer switch
        {
            null => FuzzVerdict.Accepted,
            JsonArray batch => batch.Select(Of).FirstOrDefault(verdict => verdict.Answer == FuzzAnswer.Failed, FuzzVerdict.Accepted),
            _ => Of(answer),
        };
    }

    public static FuzzVerdict Rest(FuzzSamples samples, ReadOnlyMemory<byte> bytes)
    {
        string target = Printable(bytes.Span);
        int question = target.IndexOf('?', StringComparison.Ordinal);
        // A server refuses a zero in the path itself; the pipeline never sees one.
        string path = (question < 0 ? target : target[..question]).Replace("%00", "%01", StringComparison.Ordinal);
        (int status, ReadOnlyMemory<byte> body) = Wait(samples.Node.Server.GetAsync(path, question < 0 ? "" : target[question..]));
        return status switch
        {
            >= StatusCodes.Status500InternalServerError => FuzzVerdict.Failed($"status {status} at {target}"),
            >= StatusCodes.Status400BadRequest => FuzzVerdict.Refused(TokenIn(body)),
            _ => FuzzVerdict.Accepted,
        };
    }

    public static FuzzVerdict Chat(FuzzSamples samples, ReadOnlyMemory<byte> bytes) => Completion(samples.Node.Services.GetRequiredService<CompletionRequests>().ChatAsync, bytes);

    public static FuzzVerdict Completion(FuzzSamples samples, ReadOnlyMemory<byte> bytes) => Completion(samples.Node.Services.GetRequiredService<CompletionRequests>().TextAsync, bytes);

    private static FuzzVerdict Completion(Func<JsonElement, CancellationToken, Task<(CompletionJob? Job, OpenAiError? Error)>> read, ReadOnlyMemory<byte> bytes)
    {
        (JsonDocument? document, OpenAiError? malformed) = OpenAiEndpoints.Parse(bytes.ToArray());
        if (malformed is not null)
        {
            return FuzzVerdict.Refused(malformed.Code);
        }

        using (document)
        {
            (CompletionJob? job, OpenAiError? error) = Wait(read(document!.RootElement, CancellationToken.None));
            return job is null ? FuzzVerdict.Refused(error?.Code) : FuzzVerdict.Accepted;
        }
    }

    private static FuzzVerdict Of(JsonNode? answer)
    {
        if (answer?["error"] is not JsonObject error)
        {
            return FuzzVerdict.Accepted;
        }

        string? token = (string?)error["data"]?["token"];
        return token == ErrorTokens.Internal ? FuzzVerdict.Failed($"{(string?)error["message"]}") : FuzzVerdict.Refused(token);
    }

    private static string? TokenIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            JsonNode? error = JsonNode.Parse(body.Span);
            return (string?)(error?["token"] ?? error?["error"]?["code"]);
        }
        catch (JsonException)
        {
            return null; // No JSON, no token: counted as untyped.
        }
    }

    /// <summary>A request target as a server lets it through: signs that may not stand in one are escaped.</summary>
    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length + 16);
        text.Append(bytes.Length > 0 && bytes[0] == '/' ? "" : "/");
        foreach (byte value in bytes)
        {
            if (value is > 0x20 and < 0x7F and not (byte)'#')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        return text.ToString();
    }

    // The store is in memory and the run has one thread: nearly every task is done when it comes back.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
