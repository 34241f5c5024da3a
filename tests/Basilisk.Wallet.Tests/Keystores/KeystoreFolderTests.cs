using System.Security.Cryptography;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Wallet.Keystores;
using Xunit;

namespace Basilisk.Wallet.Tests.Keystores;

public sealed class KeystoreFolderTests : IDisposable
{
    private static readonly ScryptParameters Cheap = new(16, 8, 1);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "basilisk-wallet-" + Guid.NewGuid().ToString("N"));

    private KeystoreFolder Vault => new(_folder, Cheap, RandomNumberGenerator.GetBytes);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Keys_are_kept_listed_and_opened()
    {
        using PrivateKey first = Key(1);
        using PrivateKey second = Key(2);
        Assert.Empty(await Vault.ListAsync(CancellationToken.None));
        Assert.Equal(first.Address, (await Vault.AddAsync(first, "one", CancellationToken.None)).Value);
        await Vault.AddAsync(second, "two", CancellationToken.None);
        Assert.Equal(new[] { first.Address, second.Address }.Order(), await Vault.ListAsync(CancellationToken.None));

        using PrivateKey opened = (await Vault.OpenAsync(first.Address, "one", CancellationToken.None)).Value;
        Assert.Equal(first.Address, opened.Address);
        Assert.Equal(WalletToken.KeystoreWrongPassword, (await Vault.OpenAsync(first.Address, "two", CancellationToken.None)).Refusal!.Token);
        Assert.Equal(WalletToken.AccountUnknown, (await Vault.OpenAsync(Key(3).Address, "one", CancellationToken.None)).Refusal!.Token);
    }

    [Fact]
    public async Task An_account_already_held_is_refused_and_left_as_it_was()
    {
        using PrivateKey key = Key(4);
        await Vault.AddAsync(key, "old", CancellationToken.None);
        Assert.Equal(WalletToken.AccountExists, (await Vault.AddAsync(key, "new", CancellationToken.None)).Refusal!.Token);
        Assert.False((await Vault.OpenAsync(key.Address, "old", CancellationToken.None)).IsRefused);
    }

    [Fact]
    public async Task An_exported_keystore_imports_into_another_vault()
    {
        using PrivateKey key = Key(5);
        await Vault.AddAsync(key, "pw", CancellationToken.None);
        string json = (await Vault.ExportAsync(key.Address, CancellationToken.None)).Value;
        var other = new KeystoreFolder(Path.Combine(_folder, "other"), Cheap, RandomNumberGenerator.GetBytes);
        Assert.Equal(WalletToken.KeystoreWrongPassword, (await other.ImportAsync(json, "no", CancellationToken.None)).Refusal!.Token);
        Assert.Empty(await other.ListAsync(CancellationToken.None));
        Assert.Equal(key.Address, (await other.ImportAsync(json, "pw", CancellationToken.None)).Value);
        Assert.Equal(json, (await other.ExportAsync(key.Address, CancellationToken.None)).Value);
        Assert.Equal(WalletToken.AccountUnknown, (await other.ExportAsync(Address.Zero, CancellationToken.None)).Refusal!.Token);
    }

    [Fact]
    public async Task Other_files_in_the_folder_are_passed_over()
    {
        using PrivateKey key = Key(6);
        await Vault.AddAsync(key, "pw", CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "hello");
        await File.WriteAllTextAsync(Path.Combine(_folder, "huge.json"), new string(' ', 100_000));
        string json = (await Vault.ExportAsync(key.Address, CancellationToken.None)).Value;
        await File.WriteAllTextAsync(Path.Combine(_folder, "half-written.json.tmp"), json);
        Assert.Equal([key.Address], await Vault.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Files_are_for_their_owner_only_and_no_temporary_stays()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix file modes.");
            return;
        }

        using PrivateKey key = Key(7);
        await Vault.AddAsync(key, "pw", CancellationToken.None);
        string file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public async Task Of_writers_at_once_one_wins_and_the_rest_are_refused()
    {
        for (ulong race = 0; race < 25; race++)
        {
            using PrivateKey key = Key(100 + race);
            var verdicts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Vault.AddAsync(key, $"pw-{i}", CancellationToken.None))));
            int winner = Array.FindIndex(verdicts, verdict => !verdict.IsRefused);
            Assert.Single(verdicts, verdict => !verdict.IsRefused);
            Assert.All(verdicts.Where(verdict => verdict.IsRefused), verdict => Assert.Equal(WalletToken.AccountExists, verdict.Refusal!.Token));
            using PrivateKey opened = (await Vault.OpenAsync(key.Address, $"pw-{winner}", CancellationToken.None)).Value;
            Assert.Equal((int)race + 1, Directory.GetFiles(_folder).Length);
        }
    }

    private static PrivateKey Key(ulong number) => PrivateKey.FromBytes(new UInt256(number).ToBigEndian());
}
