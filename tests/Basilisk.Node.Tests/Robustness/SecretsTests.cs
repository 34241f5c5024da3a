using System.Text;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Node.Projections.Documents;
using Basilisk.Node.Tests.Support;
using Basilisk.Node.Training;
using Basilisk.Store.Cluster;
using Basilisk.Store.Documents;
using Basilisk.Store.Events;
using Basilisk.Wallet.Derivation;
using Basilisk.Wallet.Phrases;
using Xunit;

namespace Basilisk.Node.Tests.Robustness;

/// <summary>Runs the node with known secrets and looks for them in everything it says and writes.</summary>
[Trait("Speed", "Slow")]
public sealed class SecretsTests
{
    private const string Phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    private const string ConnectionPassword = "Zq9-database-secret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Collections =
    [
        BlockDocument.Collection, TransactionDocument.Collection, AccountDocument.Collection, RoundDocument.Collection,
        ContributionDocument.Collection, QualityDocument.Collection, PrimerDocument.Collection,
    ];

    [Fact]
    public async Task Nothing_that_a_running_node_says_or_stores_holds_its_key_or_password()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Sub("data");
        using PrivateKey key = KeyOfPhrase();
        await ChildNode.ImportKeyAsync(data, key, ChildNode.Password);
        using ChildNode node = ChildNode.Start(data, "up", "--network", "test", "--no-portal", "--json", "--http", "127.0.0.1:0", "--duty", "0.01");
        bool running = await node.SeesAsync([1403], 3, Patience); // three reveals: keys were used to sign
        Assert.SkipWhen(!running && node.Output.Contains("PostgreSQL", StringComparison.Ordinal), "There is no PostgreSQL on this machine.");
        Assert.True(running, node.Output);
        var said = new Dictionary<string, string>();
        await AskAsync(node, said);
        await node.InterruptAsync(Patience);
        said["output"] = node.Output;
        foreach (string log in Directory.EnumerateFiles(Path.Combine(data, "logs")))
        {
            said[Path.GetFileName(log)] = await File.ReadAllTextAsync(log);
        }

        await ReadStoreAsync(data, said);
        Assert.True(said["events"].Length > 10_000, "hardly any events");
        Assert.Contains(key.Address.ToString(), said["events"], StringComparison.OrdinalIgnoreCase);
        AssertNoSecret(said, key);
    }

    [Fact]
    public async Task A_wrong_password_or_database_is_reported_without_the_secret()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Sub("data");
        using PrivateKey key = KeyOfPhrase();
        await ChildNode.ImportKeyAsync(data, key, ChildNode.Password);
        string wrong = folder.Sub("wrong");
        await File.WriteAllTextAsync(wrong, ChildNode.Password + "-but-wrong");
        string[] common = ["up", "--network", "test", "--no-portal", "--http", "127.0.0.1:0"];
        var said = new Dictionary<string, string>
        {
            ["wrong password"] = await FailAsync(data, [.. common, "--password-file", wrong]),
            ["no database"] = await FailAsync(data, [.. common, "--postgres", $"Host=127.0.0.1;Port=1;Username=somebody;Password={ConnectionPassword}"]),
            ["broken connection string"] = await FailAsync(data, [.. common, "--postgres", $"Host=127.0.0.1;Pasword={ConnectionPassword}"]),
        };
        Assert.Contains("--password-file", said["wrong password"], StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", said["no database"], StringComparison.Ordinal);
        AssertNoSecret(said, key);
    }

    private static async Task<string> FailAsync(string data, string[] arguments)
    {
        using ChildNode node = ChildNode.Start(data, arguments);
        Assert.Equal(1, await node.EndAsync(Patience));
        string log = Path.Combine(data, "logs", "node.log");
        return node.Output + (File.Exists(log) ? await File.ReadAllTextAsync(log) : "");
    }

    private static async Task AskAsync(ChildNode node, Dictionary<string, string> said)
    {
        string url = node.Output.Split("\"node\":\"")[1].Split('"')[0];
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        foreach (string path in new[] { Contracts.Routes.Status, Contracts.Routes.Network, Contracts.Routes.Blocks, "/metrics", "/health/ready", "/openapi/v1.json" })
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative));
            said[path] = await response.Content.ReadAsStringAsync();
        }
    }

    private static async Task ReadStoreAsync(string data, Dictionary<string, string> said)
    {
        await using StoreHost store = await StoreHost.OpenAsync(new StoreHostOptions { Cluster = new ClusterOptions(Path.Combine(data, "postgres")) });
        var events = new StringBuilder();
        for (long after = 0; ;)
        {
            IReadOnlyList<StoredEvent> page = await store.Events.ReadPageAsync(after, 1000);
            if (page.Count == 0)
            {
                break;
            }

            foreach (StoredEvent stored in page)
            {
                events.AppendLine(stored.Stream + " " + stored.Type + " " + stored.Json);
            }

            after = page[^1].Sequence;
        }

        said["events"] = events.ToString();
        Assert.Contains(ContributionPrepared.EventType, said["events"], StringComparison.Ordinal);
        foreach (string collection in Collections)
        {
            DocumentPage page = await store.Documents.QueryAsync(new DocumentQuery(collection) { Limit = 500 });
            said[collection] = string.Join('\n', page.Documents.Select(document => document.Id + " " + document.Json));
        }
    }

    private static PrivateKey KeyOfPhrase()
    {
        Assert.True(RecoveryPhrase.Parse(Phrase).TryGet(out RecoveryPhrase? phrase, out Refusal? refusal), refusal?.ToString());
        return PhraseAccounts.Derive(phrase);
    }

    private static void AssertNoSecret(Dictionary<string, string> said, PrivateKey key)
    {
        byte[] bytes = new byte[PrivateKey.Size];
        key.ExportTo(bytes);
        string[] secrets =
        [
            Convert.ToHexString(bytes), Convert.ToBase64String(bytes), ChildNode.Password, ConnectionPassword, Phrase, "winner thank year wave",
        ];
        foreach ((string where, string text) in said)
        {
            foreach (string secret in secrets)
            {
                Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"a secret stands in {where}");
            }
        }
    }
}
