using System.Text.Json;
using Xunit;

namespace Basilisk.Node.Tests.Cli;

/// <summary>Accounts through the real program: made, taken in, listed and handed out, without a secret in any output.</summary>
public sealed class WalletCommandTests : IDisposable
{
    // The phrase that Hardhat and Foundry publish with its accounts.
    private const string PublishedPhrase = "test test test test test test test test test test test junk";
    private const string PublishedKey = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    private const string PublishedAccount = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private const string PublishedSecond = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    private static readonly Dictionary<string, string> Password = new() { ["BASILISK_PASSWORD"] = "correct horse 4711" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_phrase_from_the_input_gives_the_account_that_other_wallets_give()
    {
        Assert.Equal(PublishedAccount, Address(await ImportAsync("a", PublishedPhrase)));
        Assert.Equal(PublishedSecond, Address(await ImportAsync("a", PublishedPhrase, "--index", "1")));
        ProgramResult list = await RunAsync("a", "list");
        Assert.Equal([PublishedSecond, PublishedAccount], list.Lines.Select(line => line.GetProperty("address").GetString()));
        (await ImportAsync("a", PublishedPhrase)).AssertRefused(1, "account-exists", PublishedAccount);
    }

    [Fact]
    public async Task A_new_account_comes_back_from_its_phrase_and_from_its_keystore()
    {
        ProgramResult made = await RunAsync("a", "new", "--phrase-file", _folder["phrase"]);
        string account = Address(made);
        string phrase = (await File.ReadAllTextAsync(_folder["phrase"], TestContext.Current.CancellationToken)).Trim();
        Assert.Equal(12, phrase.Split(' ').Length);
        AssertOwnerOnly(_folder["phrase"]);
        Assert.DoesNotContain(phrase, made.Output + made.Errors, StringComparison.Ordinal);

        Assert.Equal(account, Address(await RunAsync("b", "import", "--phrase-file", _folder["phrase"])));
        ProgramResult exported = await RunAsync("a", "export", "--out", _folder["key.json"]);
        Assert.Equal(account, Address(exported));
        Assert.Equal(account, Address(await RunAsync("c", "import", "--keystore-file", _folder["key.json"])));
    }

    [Fact]
    public async Task A_bare_key_is_written_only_when_that_is_said_twice()
    {
        await File.WriteAllTextAsync(_folder["key"], PublishedKey, TestContext.Current.CancellationToken);
        Assert.Equal(PublishedAccount, Address(await RunAsync("a", "import", "--key-file", _folder["key"])));
        ProgramResult refused = await RunAsync("a", "export", "--private-key");
        refused.AssertRefused(2, "usage", "--i-know-this-key-gives-the-account-away");
        Assert.DoesNotContain(PublishedKey, refused.Output + refused.Errors, StringComparison.Ordinal);

        ProgramResult written = await RunAsync("a", "export", "--private-key", "--i-know-this-key-gives-the-account-away", "--out", _folder["bare"]);
        Assert.Equal(0, written.ExitCode);
        Assert.DoesNotContain(PublishedKey, written.Output + written.Errors, StringComparison.Ordinal);
        Assert.Equal("0x" + PublishedKey, (await File.ReadAllTextAsync(_folder["bare"], TestContext.Current.CancellationToken)).Trim());
        AssertOwnerOnly(_folder["bare"]);
    }

    [Fact]
    public async Task Secrets_that_cannot_be_used_are_refused_without_repeating_them()
    {
        ProgramResult unknown = await ImportAsync("a", PublishedPhrase.Replace("junk", "zauberwort", StringComparison.Ordinal));
        unknown.AssertRefused(1, "phrase-word-unknown", "word 12 is not in the English list");
        Assert.DoesNotContain("zauberwort", unknown.Output + unknown.Errors, StringComparison.Ordinal);
        (await ImportAsync("a", PublishedPhrase.Replace("junk", "test", StringComparison.Ordinal))).AssertRefused(1, "phrase-checksum", "out of place");
        (await ImportAsync("a", "test test")).AssertRefused(1, "phrase-length", "it has 2 words");

        await File.WriteAllTextAsync(_folder["short"], "abc", TestContext.Current.CancellationToken);
        (await RunAsync("a", "import", "--key-file", _folder["short"])).AssertRefused(1, "secret-file", "64 hexadecimal digits");
        (await RunAsync("a", "import", "--key-file", _folder["missing"])).AssertRefused(1, "secret-file", "Name a file that you can read");
        (await RunAsync("a", "import", "--keystore-file", _folder["short"])).AssertRefused(1, "keystore-malformed", "short");
        (await RunAsync("a", "import", "--key-file", _folder["short"], "--phrase-file", _folder["short"])).AssertRefused(2, "usage", "Give one of");
        Assert.Empty((await RunAsync("a", "list")).Lines);
    }

    [Fact]
    public async Task A_password_is_needed_long_enough_and_right()
    {
        string[] import = ["wallet", "import", "--keystore", _folder["a"], "--json"];
        (await BasiliskProgram.RunAsync(import, [], PublishedPhrase)).AssertRefused(1, "key-password", "BASILISK_PASSWORD");
        (await BasiliskProgram.RunAsync(import, new() { ["BASILISK_PASSWORD"] = "short" }, PublishedPhrase)).AssertRefused(1, "key-password", "at least 8 characters");
        Assert.Equal(PublishedAccount, Address(await ImportAsync("a", PublishedPhrase)));
        ProgramResult wrong = await BasiliskProgram.RunAsync(
            ["wallet", "export", "--keystore", _folder["a"], "--json", "--private-key", "--i-know-this-key-gives-the-account-away"],
            new() { ["BASILISK_PASSWORD"] = "wrong-horse-1147" });
        wrong.AssertRefused(1, "key-password", "keystore-wrong-password");
        Assert.DoesNotContain("wrong-horse-1147", wrong.Output + wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_phrase_is_not_printed_where_no_terminal_shows_it()
    {
        (await RunAsync("a", "new")).AssertRefused(2, "usage", "--phrase-file");
        Assert.Empty((await RunAsync("a", "list")).Lines);
    }

    [Fact]
    public async Task No_file_is_overwritten_with_a_secret()
    {
        await File.WriteAllTextAsync(_folder["precious"], "mine", TestContext.Current.CancellationToken);
        (await RunAsync("a", "new", "--phrase-file", _folder["precious"])).AssertRefused(1, "secret-file", "Name a new file");
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder["precious"], TestContext.Current.CancellationToken));
        Assert.Empty((await RunAsync("a", "list")).Lines);
    }

    private Task<ProgramResult> RunAsync(string keystore, string command, params string[] more) =>
        BasiliskProgram.RunAsync(["wallet", command, "--keystore", _folder[keystore], "--json", .. more], Password);

    private Task<ProgramResult> ImportAsync(string keystore, string phrase, params string[] more) =>
        BasiliskProgram.RunAsync(["wallet", "import", "--keystore", _folder[keystore], "--json", .. more], Password, phrase + "\n");

    private static string Address(ProgramResult result)
    {
        Assert.True(result.ExitCode == 0, result.Errors);
        JsonElement line = Assert.Single(result.Lines);
        return line.GetProperty("address").GetString()!;
    }

    private static void AssertOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }
}
