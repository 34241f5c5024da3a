using System.Text;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;

namespace Basilisk.Wallet.Keystores;

/// <summary>
/// A folder of keystore files, one per account, named by its address. Files of other wallets put there are found by
/// what they hold, whatever their name. On Unix folder and files are readable by their owner only.
/// </summary>
public sealed class KeystoreFolder : IVault
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string TemporarySuffix = ".tmp";

    private readonly string _folder;
    private readonly ScryptParameters _costs;
    private readonly Func<int, byte[]> _randomBytes;

    /// <param name="folder">Created at the first write.</param>
    /// <param name="costs">For files written here.</param>
    /// <param name="randomBytes">Gives that many bytes from a cryptographic source, such as RandomNumberGenerator.GetBytes.</param>
    public KeystoreFolder(string folder, ScryptParameters costs, Func<int, byte[]> randomBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(randomBytes);
        _folder = folder;
        _costs = costs;
        _randomBytes = randomBytes;
    }

    public async Task<IReadOnlyList<Address>> ListAsync(CancellationToken cancellation)
    {
        var accounts = new SortedSet<Address>();
        await foreach ((Address account, string _) in FilesAsync(cancellation))
        {
            accounts.Add(account);
        }

        return [.. accounts];
    }

    public async Task<Verdict<PrivateKey>> OpenAsync(Address account, string password, CancellationToken cancellation)
    {
        string? json = await FindAsync(account, cancellation);
        return json is null ? Unknown(account) : await Task.Run(() => KeystoreV3.Decrypt(json, password, cancellation), cancellation);
    }

    public async Task<Verdict<Address>> AddAsync(PrivateKey key, string password, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (await FindAsync(key.Address, cancellation) is not null)
        {
            return Exists(key.Address);
        }

        string json = await Task.Run(() => KeystoreV3.Encrypt(key, password, _costs, _randomBytes, cancellation), cancellation);
        return await WriteAsync(key.Address, json, cancellation);
    }

    public async Task<Verdict<Address>> ImportAsync(string keystoreJson, string password, CancellationToken cancellation)
    {
        Verdict<PrivateKey> opened = await Task.Run(() => KeystoreV3.Decrypt(keystoreJson, password, cancellation), cancellation);
        if (!opened.TryGet(out PrivateKey? key, out Refusal? refusal))
        {
            return refusal;
        }

        using (key)
        {
            // A file that does not name its account could not be found again: it is written anew.
            return KeystoreV3.ReadAddress(keystoreJson) is null || await FindAsync(key.Address, cancellation) is not null
                ? await AddAsync(key, password, cancellation)
                : await WriteAsync(key.Address, keystoreJson, cancellation);
        }
    }

    public async Task<Verdict<string>> ExportAsync(Address account, CancellationToken cancellation) =>
        await FindAsync(account, cancellation) is { } json ? json : Unknown(account);

    private async Task<string?> FindAsync(Address account, CancellationToken cancellation)
    {
        await foreach ((Address found, string json) in FilesAsync(cancellation))
        {
            if (found == account)
            {
                return json;
            }
        }

        return null;
    }

    /// <summary>Every file that is a keystore and names its account; other files are none of the vault's business.</summary>
    private async IAsyncEnumerable<(Address Account, string Json)> FilesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!Directory.Exists(_folder))
        {
            yield break;
        }

        foreach (string path in Directory.EnumerateFiles(_folder).Order(StringComparer.Ordinal))
        {
            if (path.EndsWith(TemporarySuffix, StringComparison.Ordinal) || new FileInfo(path).Length > KeystoreDocument.MaximumLength)
            {
                continue;
            }

            string json = await File.ReadAllTextAsync(path, cancellation);
            if (KeystoreV3.ReadAddress(json) is { } account)
            {
                yield return (account, json);
            }
        }
    }

    /// <summary>
    /// Writes beside the final name, flushes to the disk, then gives the file that name: a crash leaves the whole file or
    /// none. A name that is taken is not replaced, so of two writers one is refused.
    /// </summary>
    private async Task<Verdict<Address>> WriteAsync(Address account, string json, CancellationToken cancellation)
    {
        CreateFolder();
        string path = Path.Combine(_folder, Convert.ToHexStringLower(account.ToArray()) + ".json");
        string temporary = path + "." + Convert.ToHexStringLower(_randomBytes(8)) + TemporarySuffix;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            await using (var stream = new FileStream(temporary, options))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(json), cancellation);
                stream.Flush(flushToDisk: true);
            }

            return NewFile.TryName(temporary, path) ? account : Exists(account);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static Refusal Unknown(Address account) => new(RefusalKind.State, WalletToken.AccountUnknown, $"The vault holds no key of {account}.");

    private static Refusal Exists(Address account) => new(RefusalKind.State, WalletToken.AccountExists, $"The vault already holds the key of {account}.");
}
