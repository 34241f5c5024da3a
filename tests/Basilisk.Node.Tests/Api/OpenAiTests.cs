using System.Net;
using System.Text.Json;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary>The model over HTTP, asked by OpenAI's own client and by hand.</summary>
[Collection(RunningNodeTests.Name)]
public sealed class OpenAiTests(RunningNode node)
{
    [Fact]
    public async Task The_stock_client_lists_models_chats_streams_and_reads_errors()
    {
        JsonElement result = await StockClient.RunAsync("openai-calls.mjs", "openai", new Dictionary<string, string>
        {
            ["URL"] = node.Url,
            ["HEIGHT"] = "0",
        });
        Assert.Equal("basilisk", result.GetProperty("models")[0].GetString());
        Assert.Equal("basilisk", result.GetProperty("one").GetString());
        Assert.Equal(66, result.GetProperty("fingerprint").GetString()!.Length);
        Assert.Equal(2, result.GetProperty("choices").GetInt32());
        Assert.Equal("assistant", result.GetProperty("role").GetString());
        Assert.All(result.GetProperty("logprobs").EnumerateArray(), entry =>
        {
            Assert.Equal(3, entry.GetProperty("top").GetInt32());
            Assert.True(entry.GetProperty("certain").GetBoolean());
        });
        Assert.True(result.GetProperty("same").GetBoolean());
        JsonElement streamed = result.GetProperty("streamed");
        Assert.Equal(1, streamed.GetProperty("ids").GetInt32());
        Assert.Equal("assistant", streamed.GetProperty("role").GetString());
        Assert.Contains(streamed.GetProperty("finish").GetString(), new[] { "stop", "length" });
        JsonElement usage = streamed.GetProperty("usage");
        Assert.Equal(
            usage.GetProperty("total_tokens").GetInt32(),
            usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal("Once upon a timeaaaaaa", result.GetProperty("text").GetString());
        Assert.Equal(6, result.GetProperty("tokens").GetArrayLength());
        Assert.Equal("stop", result.GetProperty("stopped").GetProperty("finish_reason").GetString());
        Assert.Equal("", result.GetProperty("stopped").GetProperty("text").GetString());
        AssertError(result, "model", 404, "model", "model_not_found");
        AssertError(result, "tools", 400, "tools", "unsupported_parameter");
        AssertError(result, "temperature", 400, "temperature", "invalid_value");
    }

    [Fact]
    public async Task An_answer_names_the_checkpoint_and_height_it_came_from()
    {
        using var content = new StringContent("""{"model":"basilisk@0","prompt":"Once","max_tokens":2}""");
        using HttpResponseMessage response = await node.Http.PostAsync("/v1/completions", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("0", response.Headers.GetValues("x-basilisk-height").Single());
        string root = node.Chain.Parameters.Model.GenesisModelRoot.ToString();
        Assert.Equal(root, response.Headers.GetValues("x-basilisk-model-root").Single());
        Assert.Equal(root, answer.GetProperty("system_fingerprint").GetString());
        Assert.Equal("basilisk@0", answer.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("{", "json_malformed", null)]
    [InlineData("[]", "json_malformed", null)]
    [InlineData("""{"prompt":"a"}""", "invalid_value", "model")]
    [InlineData("""{"model":"basilisk","prompt":[-1]}""", "invalid_value", "prompt")]
    [InlineData("""{"model":"basilisk","prompt":"a","n":5}""", "invalid_value", "n")]
    [InlineData("""{"model":"basilisk","prompt":"a","max_tokens":0}""", "invalid_value", "max_tokens")]
    [InlineData("""{"model":"basilisk","prompt":"a","stop":["a","b","c","d","e"]}""", "invalid_value", "stop")]
    [InlineData("""{"model":"basilisk","prompt":"a","logit_bias":{"70000":1}}""", "invalid_value", "logit_bias")]
    [InlineData("""{"model":"basilisk","prompt":"a","seed":1.5}""", "invalid_value", "seed")]
    public async Task A_wrong_request_is_refused_with_the_member_that_is_wrong(string body, string code, string? parameter)
    {
        JsonElement error = (await node.PostAsync("/v1/completions", body)).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(parameter, error.GetProperty("param").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_prompt_longer_than_the_context_keeps_its_newest_part()
    {
        string letters = new('x', 5000);
        JsonElement chat = await node.PostAsync(
            "/v1/chat/completions",
            JsonSerializer.Serialize(new { model = "basilisk", messages = new[] { new { role = "user", content = letters } }, max_tokens = 4 }));
        int context = node.Chain.Parameters.Model.Shape.Context;
        Assert.InRange(chat.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), 1, context);
        Assert.InRange(chat.GetProperty("usage").GetProperty("completion_tokens").GetInt32(), 0, 4);
    }

    [Fact]
    public async Task More_requests_than_the_node_answers_at_once_are_told_to_wait()
    {
        Task<HttpResponseMessage>[] calls =
        [
            .. Enumerable.Range(0, 48).Select(_ => node.Http.PostAsync(
                "/v1/completions",
                new StringContent("""{"model":"basilisk@0","prompt":"a","max_tokens":2000,"logit_bias":{"97":100}}"""),
                TestContext.Current.CancellationToken)),
        ];
        HttpResponseMessage[] answers = await Task.WhenAll(calls);
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        HttpResponseMessage refused = Assert.Single(answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).Take(1));
        Assert.Equal("1", refused.Headers.RetryAfter!.ToString());
        Assert.All(answers, answer => answer.Dispose());
    }

    private static void AssertError(JsonElement result, string name, int status, string parameter, string code)
    {
        JsonElement error = result.GetProperty("errors").GetProperty(name);
        Assert.Equal(status, error.GetProperty("status").GetInt32());
        Assert.Equal(parameter, error.GetProperty("param").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
    }
}
