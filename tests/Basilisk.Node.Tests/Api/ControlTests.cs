using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Basilisk.Contracts;
using Basilisk.Contracts.Errors;
using Basilisk.Node.Api.Control;
using Basilisk.Node.Failures;
using Basilisk.Node.Tests.Support;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary>Who may change what a node does: whoever can read its data directory, on its own machine.</summary>
[Collection(RunningNodeTests.Name)]
public sealed class ControlTests(RunningNode node)
{
    [Theory]
    [InlineData(null)]
    [InlineData("00")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_caller_without_the_token_is_refused(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Routes.FollowChain);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        ApiError? error = await response.Content.ReadFromJsonAsync<ApiError>(TestContext.Current.CancellationToken);
        Assert.Equal(ErrorTokens.ControlToken, error!.Token);
    }

    [Fact]
    public async Task With_the_token_there_is_nothing_to_follow_where_nothing_is_kept_out()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Routes.FollowChain);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ControlToken.Read(node.Folder));
        using HttpResponseMessage response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public void The_token_is_made_once_and_only_its_owner_can_read_it()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ControlTokenMissingException>(() => ControlToken.Read(folder.Path));
        ControlToken made = ControlToken.Open(folder.Path);
        string value = ControlToken.Read(folder.Path);
        Assert.True(made.Admits(value));
        Assert.False(made.Admits(value[..^1] + (value[^1] == '0' ? '1' : '0')));
        Assert.False(made.Admits(""));
        Assert.True(ControlToken.Open(folder.Path).Admits(value));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Sub(ControlToken.FileName)));
        }
    }
}
