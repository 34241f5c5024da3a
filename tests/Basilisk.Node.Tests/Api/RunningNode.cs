using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Hosting;
using Basilisk.Node.Mempool;
using Basilisk.Node.Options;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Basilisk.Node.Tests.Api;

/// <summary>
/// A whole node of the test network: it mines and trains for real, keeps its events in memory and listens on a free port.
/// One for all tests of the API, so that a small machine is not asked to train several models at once; its account is funded
/// once the first round has settled.
/// </summary>
public sealed class RunningNode : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "basilisk-api-" + Guid.NewGuid().ToString("N"));
    private NodeHost? _host;

    public NodeHost Host => _host ?? throw new InvalidOperationException("The node is not started.");

    /// <summary>Its data directory.</summary>
    public string Folder => _folder;

    public HttpClient Http { get; private set; } = new();

    public string Url => Host.Url;

    public string SocketUrl => Url.Replace("http://", "ws://", StringComparison.Ordinal);

    public PrivateKey Key => Host.Services.GetRequiredService<PrivateKey>();

    public ChainstateService Chain => Host.Services.GetRequiredService<ChainstateService>();

    public async ValueTask InitializeAsync()
    {
        var options = new NodeOptions
        {
            Network = "test",
            DataDirectory = _folder,
            Storage = { InMemory = true },
            Http = { Listen = "127.0.0.1:0", MaxBodyBytes = 64 * 1024 },
            Training = { Threads = 1 },
            Mining = { DutyCycle = 0.1 },
        };
        _host = await NodeHost.StartAsync(options, fresh: false, _ => { }, TimeProvider.System, TestContext.Current.CancellationToken);
        Http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Returns when the chain satisfies a condition.</summary>
    public async Task UntilAsync(Func<ChainView, bool> condition, string what)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = Chain.Subscribe(change =>
        {
            if (condition(change.View))
            {
                reached.TrySetResult();
            }
        });
        if (condition(Chain.Current))
        {
            return;
        }

        Task first = await Task.WhenAny(reached.Task, Host.Failure, Task.Delay(Patience, TestContext.Current.CancellationToken));
        if (first == Host.Failure)
        {
            await first;
        }

        Assert.True(first == reached.Task, $"The node did not come to this in {Patience.TotalSeconds} s: {what}. Height {Chain.Current.Height}.");
    }

    /// <summary>
    /// A new account with 2 BSK, and its private key as 0x hex. The node's own account is not for tests: the trainer's transactions
    /// use its nonces at the same time.
    /// </summary>
    public async Task<string> NewFundedAccountAsync()
    {
        await UntilAsync(view => view.State.Account(Key.Address).Balance > new UInt256(Bsk.Coin) * 3, "its account holds more than 3 BSK");
        byte[] secret = RandomNumberGenerator.GetBytes(PrivateKey.Size);
        using PrivateKey account = PrivateKey.FromBytes(secret);
        for (int attempt = 0; attempt < 20; attempt++)
        {
            TransactionPool pool = Host.Services.GetRequiredService<TransactionPool>();
            ulong nonce = pool.NextNonce(Chain.Current, Key.Address);
            Transaction transfer = UnsignedTransaction.DynamicFee(
                Chain.Parameters.ChainId, nonce, Bsk.Gwei, 100 * (UInt256)Bsk.Gwei, IntrinsicGas.Base, account.Address, new UInt256(Bsk.Coin) * 2).Sign(Key);
            if (pool.Add(Chain.Current, transfer) is null)
            {
                await UntilAsync(
                    view => view.State.Account(account.Address).Balance > UInt256.Zero || view.State.Account(Key.Address).Nonce > nonce,
                    "the transfer, or another with its nonce, is mined");
            }

            if (Chain.Current.State.Account(account.Address).Balance > UInt256.Zero)
            {
                return "0x" + Convert.ToHexStringLower(secret);
            }
        }

        throw new InvalidOperationException("The trainer took every nonce.");
    }

    public async Task<JsonElement> RpcAsync(string method, params object?[] parameters)
    {
        JsonElement answer = await PostAsync("/", JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters }));
        return answer.TryGetProperty("result", out JsonElement result) ? result : throw new InvalidOperationException(answer.ToString());
    }

    public async Task<JsonElement> RpcErrorAsync(string method, params object?[] parameters)
    {
        JsonElement answer = await PostAsync("/", JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters }));
        return answer.TryGetProperty("error", out JsonElement error) ? error : throw new InvalidOperationException(answer.ToString());
    }

    public async Task<JsonElement> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, MediaTypeHeaderValue.Parse("application/json"));
        using HttpResponseMessage response = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }

    public async Task<JsonElement> GetAsync(string path) =>
        JsonDocument.Parse(await Http.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;
}

/// <summary>The tests that share one running node; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class RunningNodeTests : ICollectionFixture<RunningNode>
{
    public const string Name = "running node";
}
