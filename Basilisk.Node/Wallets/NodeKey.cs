using System.Security.Cryptography;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Node.Failures;
using Basilisk.Wallet.Keystores;

namespace Basilisk.Node.Wallets;

/// <summary>
/// Opens the key the node mines with, made on the first start where the data directory's keystore is empty. Which account it is
/// lies in a file beside it, so that accounts added later change nothing. Its password comes from a file or the environment; where
/// neither is given the node keeps one of its own, readable by its user alone.
/// </summary>
public static class NodeKey
{
    /// <summary>The environment variable with the keys' password.</summary>
    public const string PasswordVariable = "BASILISK_PASSWORD";

    /// <summary>In the keystore's folder: the password that the node gave its own key.</summary>
    public const string OwnPasswordFile = "password";

    private const string MinerFile = "miner";

    /// <param name="folder">The keystore's folder.</param>
    /// <param name="passwordFile">File with the password, or null.</param>
    /// <param name="cancellation">Stops before the key is derived.</param>
    /// <exception cref="KeyPasswordException">The password is missing or wrong.</exception>
    public static async Task<PrivateKey> OpenAsync(string folder, string? passwordFile, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var vault = Vault(folder);
        IReadOnlyList<Address> accounts = await vault.ListAsync(cancellation);
        string password = await PasswordAsync(folder, passwordFile, isNew: accounts.Count == 0, cancellation);
        Address account = ReadMiner(folder) ?? (accounts.Count > 0 ? accounts[0] : await CreateAsync(vault, password, cancellation));
        Verdict<PrivateKey> opened = await vault.OpenAsync(account, password, cancellation);
        if (!opened.TryGet(out PrivateKey? key, out Refusal? refusal))
        {
            throw new KeyPasswordException(account.ToString(), $"{refusal.Detail} ({refusal.Token})");
        }

        await File.WriteAllTextAsync(Path.Combine(folder, MinerFile), account.ToString(), cancellation);
        return key;
    }

    /// <summary>The account that the node of this keystore mines for; null where none was chosen yet.</summary>
    public static Address? ReadMiner(string folder)
    {
        string path = Path.Combine(folder, MinerFile);
        return File.Exists(path) && Address.TryParse(File.ReadAllText(path).Trim(), out Address account) ? account : null;
    }

    /// <summary>A vault over a folder, with the costs and randomness that the node uses everywhere.</summary>
    public static KeystoreFolder Vault(string folder) => new(folder, ScryptParameters.Standard, RandomNumberGenerator.GetBytes);

    private static async Task<Address> CreateAsync(KeystoreFolder vault, string password, CancellationToken cancellation)
    {
        using PrivateKey key = NewKey();
        return (await vault.AddAsync(key, password, cancellation)).Value;
    }

    private static PrivateKey NewKey()
    {
        while (true)
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(PrivateKey.Size);
            bool made = PrivateKey.TryCreate(bytes, out PrivateKey? key);
            CryptographicOperations.ZeroMemory(bytes);
            if (made)
            {
                return key!; // All but 2⁻¹²⁸ of the numbers are keys.
            }
        }
    }

    private static async Task<string> PasswordAsync(string folder, string? passwordFile, bool isNew, CancellationToken cancellation)
    {
        if (passwordFile is not null)
        {
            return File.Exists(passwordFile)
                ? (await File.ReadAllTextAsync(passwordFile, cancellation)).TrimEnd('\r', '\n')
                : throw new KeyPasswordException(folder, $"there is no file {passwordFile}.");
        }

        if (Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password)
        {
            return password;
        }

        string own = Path.Combine(folder, OwnPasswordFile);
        if (File.Exists(own))
        {
            return (await File.ReadAllTextAsync(own, cancellation)).TrimEnd('\r', '\n');
        }

        if (!isNew)
        {
            throw new KeyPasswordException(folder, "no password was given.");
        }

        string made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new StreamWriter(new FileStream(own, options));
        await file.WriteAsync(made);
        return made;
    }
}
