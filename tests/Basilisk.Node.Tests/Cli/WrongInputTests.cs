using System.Net;
using System.Net.Sockets;
using Basilisk.Node.Hosting;
using Basilisk.Node.Wallets;
using Xunit;

namespace Basilisk.Node.Tests.Cli;

/// <summary>Whatever a user gets wrong ends in one clear line, a stable token and an exit code, never in a stack trace.</summary>
public sealed class WrongInputTests(TestNetworkFixture network) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("'--bogus' is no command or option", "up", "--bogus", "--json")]
    [InlineData("'frobnicate' is no command or option", "frobnicate", "--json")]
    [InlineData("'soon' is not a duration such as 90s", "up", "--for", "soon", "--json")]
    [InlineData("./basilisk up --help", "up", "--for", "0s", "--json")]
    [InlineData("./basilisk wallet send --help", "wallet", "send", "--json")]
    [InlineData("./basilisk bench --help", "bench", "everything", "--json")]
    [InlineData("--words is 12 or 24", "wallet", "new", "--words", "13", "--json")]
    [InlineData("./basilisk up --help", "up", "--units", "many", "--json")]
    [InlineData("Cannot parse argument 'x' for option '--words'", "wallet", "new", "--words", "x", "--json")]
    [InlineData("Cannot parse argument 'x' for option '--threads'", "bench", "gemm", "--threads", "x", "--json")]
    [InlineData("Cannot parse argument 'x' for option '--seeds'", "simulate", "adversaries", "--seeds", "x", "--json")]
    [InlineData("Cannot parse argument 'x' for option '--seeds'", "simulate", "incentives", "--seeds", "x", "--json")]
    [InlineData("Cannot parse argument 'x' for option '--participants'", "simulate", "learning", "--participants", "x", "--json")]
    [InlineData("Cannot parse argument 'x' for option '--lead'", "simulate", "learning", "--lead", "x", "--json")]
    [InlineData("--lead is 0 to 1.", "simulate", "learning", "--lead", "1.5", "--json")]
    [InlineData("--windows is at least 1.", "simulate", "learning", "--windows", "0", "--json")]
    [InlineData("Name one projection", "projections", "rebuild", "--json")]
    [InlineData("There is no projection 'nothing'", "projections", "rebuild", "nothing", "--json")]
    public async Task Words_that_are_no_command_line_exit_with_2(string hint, params string[] arguments) =>
        (await BasiliskProgram.RunAsync(arguments)).AssertRefused(2, "usage", hint);

    [Theory]
    [InlineData("--http", "localhost", "an address and port")]
    [InlineData("--http", "127.0.0.1:99999", "an address and port")]
    [InlineData("--duty", "7", "between 0.001 and 1")]
    [InlineData("--learning-rate", "0", "between 0.000001 and 1")]
    [InlineData("--units", "0", "between 1 and 64")]
    [InlineData("--mining-threads", "-1", "between 1 and 1024")]
    public async Task Settings_outside_their_bounds_exit_with_2(string option, string value, string hint) =>
        (await BasiliskProgram.RunAsync("up", "--data", Data, option, value, "--json")).AssertRefused(2, "setting-out-of-range", hint);

    [Fact]
    public async Task A_node_that_does_not_answer_is_named()
    {
        ProgramResult result = await BasiliskProgram.RunAsync("status", "--node", "http://127.0.0.1:1", "--json");
        result.AssertRefused(1, "node-unreachable", "./basilisk up");
        (await BasiliskProgram.RunAsync("status", "--node", "ftp:/x", "--json")).AssertRefused(2, "setting-out-of-range", "http://127.0.0.1:8545");
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        network.CopyTo(Data);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        ProgramResult result = await BasiliskProgram.RunAsync(
            "up", "--network", "test", "--data", Data, "--no-portal", "--in-memory", "--for", "1s", "--http", other.LocalEndpoint.ToString()!, "--json");
        result.AssertRefused(1, "port-in-use", "--http");
    }

    [Fact]
    public async Task No_PostgreSQL_is_answered_with_the_three_ways_to_one()
    {
        network.CopyTo(Data);
        ProgramResult result = await UpAsync(new Dictionary<string, string> { ["BASILISK_POSTGRES_BIN"] = _folder["nothing"] });
        result.AssertRefused(1, "postgres-not-found", "apt-get install postgresql");
    }

    [Fact]
    public async Task A_PostgreSQL_that_is_not_there_is_named()
    {
        network.CopyTo(Data);
        ProgramResult result = await UpAsync("--postgres", "Host=127.0.0.1;Port=1;Username=basilisk;Password=geheim-7391;Database=basilisk;Timeout=2");
        result.AssertRefused(1, "store-unavailable", "127.0.0.1");
        Assert.DoesNotContain("geheim-7391", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_database_password_is_refused_without_naming_it()
    {
        network.CopyTo(Data);
        await using var server = new PasswordRefusingServer();
        ProgramResult result = await UpAsync("--postgres", $"Host=127.0.0.1;Port={server.Port};Username=basilisk;Password=geheim-7391;Database=basilisk;SSL Mode=Disable;GSS Encryption Mode=Disable");
        result.AssertRefused(1, "store-authentication", "Check user and password");
        Assert.DoesNotContain("geheim-7391", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("corpus.bin")]
    [InlineData("checkpoint.bin")]
    [InlineData("tokenizer.bin")]
    [InlineData("genesis.json")]
    public async Task A_damaged_network_file_names_the_repair(string file)
    {
        network.CopyTo(Data);
        string path = _folder["data", "network", file];
        byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 0x55;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        (await UpAsync("--in-memory")).AssertRefused(1, "genesis-file-corrupt", "genesis repair");

        File.Delete(path);
        (await UpAsync("--in-memory")).AssertRefused(1, "genesis-file-missing", "genesis repair");
    }

    [Fact]
    public async Task A_damaged_network_description_is_named()
    {
        network.CopyTo(Data);
        await File.WriteAllTextAsync(_folder["data", "network", "network.json"], "{ \"preset\": ", TestContext.Current.CancellationToken);
        (await UpAsync("--in-memory")).AssertRefused(1, "network-file-unreadable", "network.json");
    }

    [Fact]
    public async Task A_data_directory_in_use_names_its_owner()
    {
        network.CopyTo(Data);
        using DataDirectory held = DataDirectory.Open(Data);
        (await UpAsync("--in-memory")).AssertRefused(1, "data-directory-busy", $"process {Environment.ProcessId}");
        (await BasiliskProgram.RunAsync("projections", "status", "--data", Data, "--json")).AssertRefused(1, "data-directory-busy", "--data DIR");
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_named()
    {
        // Not even root can make a folder there, or below a file.
        (await BasiliskProgram.RunAsync("up", "--data", "/proc/basilisk", "--no-portal", "--json")).AssertRefused(1, "data-directory-unusable", "--data DIR");
        await File.WriteAllTextAsync(_folder["file"], "", TestContext.Current.CancellationToken);
        (await BasiliskProgram.RunAsync("up", "--data", _folder["file", "data"], "--no-portal", "--json")).AssertRefused(1, "data-directory-unusable", "--data DIR");
    }

    [Fact]
    public async Task A_data_directory_without_a_node_is_named()
    {
        foreach (string[] command in new string[][] { ["verify"], ["projections", "status"], ["genesis", "repair"], ["genesis", "show"] })
        {
            (await BasiliskProgram.RunAsync([.. command, "--data", Data, "--json"])).AssertRefused(1, "data-directory-missing", "./basilisk up");
        }
    }

    [Fact]
    public async Task Another_network_than_the_data_directory_holds_is_refused()
    {
        network.CopyTo(Data);
        ProgramResult result = await BasiliskProgram.RunAsync("up", "--network", "dev", "--data", Data, "--in-memory", "--no-portal", "--json");
        result.AssertRefused(1, "network-mismatch", "--fresh");
    }

    [Fact]
    public async Task A_network_that_does_not_exist_is_refused() =>
        (await BasiliskProgram.RunAsync("up", "--network", "atlantis", "--data", Data, "--in-memory", "--no-portal", "--json"))
            .AssertRefused(1, "unknown-network", "basilisk genesis create");

    [Fact]
    public async Task A_wrong_key_password_is_refused_without_naming_it()
    {
        network.CopyTo(Data);
        await File.WriteAllTextAsync(_folder["right"], "the right password\n", TestContext.Current.CancellationToken);
        (await NodeKey.OpenAsync(_folder["data", "keystore"], _folder["right"], TestContext.Current.CancellationToken)).Dispose();
        ProgramResult result = await UpAsync(new Dictionary<string, string> { ["BASILISK_PASSWORD"] = "the wrong pass-word" });
        result.AssertRefused(1, "key-password", "--password-file");
        Assert.DoesNotContain("pass-word", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_that_is_not_built_is_named()
    {
        ProgramResult result = await BasiliskProgram.RunAsync(
            ["portal", "--json"], new Dictionary<string, string> { ["BASILISK_HOME"] = _folder.Root });
        Assert.Equal(2, result.ExitCode); // it has no --json: what it prints is its own log
        ProgramResult plain = await BasiliskProgram.RunAsync(["portal"], new Dictionary<string, string> { ["BASILISK_HOME"] = _folder.Root });
        Assert.Equal(1, plain.ExitCode);
        Assert.Contains("build it with ./basilisk", plain.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portals_address_is_checked_before_it_starts()
    {
        ProgramResult wrong = await BasiliskProgram.RunAsync("portal", "--listen", "everywhere");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("an address and port, for example 127.0.0.1:5080", wrong.Errors, StringComparison.Ordinal);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        ProgramResult taken = await BasiliskProgram.RunAsync("portal", "--listen", other.LocalEndpoint.ToString()!);
        Assert.Equal(1, taken.ExitCode);
        Assert.Contains("in use by another process", taken.Errors, StringComparison.Ordinal);
    }

    private Task<ProgramResult> UpAsync(params string[] more) => UpAsync([], more);

    private Task<ProgramResult> UpAsync(Dictionary<string, string> environment, params string[] more) =>
        BasiliskProgram.RunAsync(["up", "--network", "test", "--data", Data, "--no-portal", "--no-train", "--http", "127.0.0.1:0", "--for", "1s", "--json", .. more], environment);
}
