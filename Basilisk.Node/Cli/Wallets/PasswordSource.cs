using Basilisk.Node.Failures;
using Basilisk.Node.Wallets;

namespace Basilisk.Node.Cli.Wallets;

/// <summary>
/// Where a keystore's password comes from: --password-file, BASILISK_PASSWORD, the password that a node made for its own key,
/// or a question without echo. It is never part of a message.
/// </summary>
internal sealed class PasswordSource(string keystore, string? file)
{
    private const int ShortestNew = 8;

    /// <summary>The password of an account that exists.</summary>
    /// <exception cref="KeyPasswordException">None is given and nobody can be asked.</exception>
    public async Task<string> ExistingAsync(string account, CancellationToken cancellation)
    {
        string own = Path.Combine(keystore, NodeKey.OwnPasswordFile);
        return await GivenAsync(cancellation)
            ?? (File.Exists(own) ? await SecretFile.ReadAsync(own, cancellation) : null)
            ?? (Terminal.CanAsk ? Terminal.AskSecret($"Password of {account}") : throw new KeyPasswordException(account, "no password was given."));
    }

    /// <summary>A password for a new account, asked twice.</summary>
    /// <exception cref="KeyPasswordException">None is given and nobody can be asked, or it is too short, or the two differ.</exception>
    public async Task<string> NewAsync(CancellationToken cancellation)
    {
        string password = await GivenAsync(cancellation) ?? Ask();
        return password.Length >= ShortestNew
            ? password
            : throw new KeyPasswordException(keystore, $"a new password has at least {ShortestNew} characters.");
    }

    private async Task<string?> GivenAsync(CancellationToken cancellation)
    {
        if (file is not null)
        {
            return await SecretFile.ReadAsync(file, cancellation);
        }

        return Environment.GetEnvironmentVariable(NodeKey.PasswordVariable) is { Length: > 0 } password ? password : null;
    }

    private string Ask()
    {
        if (!Terminal.CanAsk)
        {
            throw new KeyPasswordException(keystore, "no password was given.");
        }

        string password = Terminal.AskSecret("New password");
        return Terminal.AskSecret("The same again") == password
            ? password
            : throw new KeyPasswordException(keystore, "the two passwords differ; try again.");
    }
}
