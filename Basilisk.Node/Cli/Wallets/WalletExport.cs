using System.CommandLine;
using System.Security.Cryptography;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Cli.Wallets;

/// <summary><c>basilisk wallet export</c>: an account's keystore JSON; its bare key only where that is said twice.</summary>
internal static class WalletExport
{
    private const string Confirmation = "--i-know-this-key-gives-the-account-away";

    public static Command Create()
    {
        var command = new Command("export", "Write an account's keystore JSON, which stays encrypted, to a new file or the output.");
        var options = new WalletOptions();
        options.AddTo(command, password: true);
        var address = new Argument<string?>("address") { Description = "The account; may be left out where there is only one.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--out") { Description = "New file to write, readable by you only. Default: the output." };
        var bare = new Option<bool>("--private-key") { Description = $"Write the bare private key instead. Needs {Confirmation}." };
        var sure = new Option<bool>(Confirmation) { Description = "Confirms --private-key: whoever sees the key owns the account, without any password." };
        command.Arguments.Add(address);
        foreach (Option option in new Option[] { output, bare, sure })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parse, cancellation) =>
        {
            if (parse.GetValue(bare) != parse.GetValue(sure))
            {
                throw new UsageException($"A bare private key is written only with both --private-key and {Confirmation}.");
            }

            Address account = await options.AccountAsync(parse, parse.GetValue(address), "an address", cancellation);
            string text = parse.GetValue(bare)
                ? await BareKeyAsync(options, parse, account, cancellation)
                : WalletOptions.Require(await options.Vault(parse).ExportAsync(account, cancellation), "Nothing was exported");
            await WriteAsync(text, account, parse.GetValue(output), parse.GetValue(options.Json), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task WriteAsync(string text, Address account, string? file, bool json, CancellationToken cancellation)
    {
        if (file is null)
        {
            Console.Out.WriteLine(text);
            return;
        }

        await SecretFile.WriteAsync(file, text, cancellation);
        if (json)
        {
            JsonLine.Write(new { @event = "exported", address = account.ToString(), file = Path.GetFullPath(file) });
        }
        else
        {
            Console.Out.WriteLine($"{account} -> {file}");
        }
    }

    private static async Task<string> BareKeyAsync(WalletOptions options, ParseResult parse, Address account, CancellationToken cancellation)
    {
        using PrivateKey key = await OpenAsync(options, parse, account, cancellation);
        byte[] bytes = new byte[PrivateKey.Size];
        key.ExportTo(bytes);
        string text = "0x" + Convert.ToHexStringLower(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return text;
    }

    /// <summary>Opens an account with its password.</summary>
    /// <exception cref="KeyPasswordException">The password is missing or wrong.</exception>
    public static async Task<PrivateKey> OpenAsync(WalletOptions options, ParseResult parse, Address account, CancellationToken cancellation)
    {
        if (!(await options.Vault(parse).ListAsync(cancellation)).Contains(account))
        {
            throw new UsageException($"The keystore {options.Folder(parse)} holds no key of {account}. `./basilisk wallet list` shows those it holds.");
        }

        string password = await options.Password(parse).ExistingAsync(account.ToString(), cancellation);
        Verdict<PrivateKey> opened = await options.Vault(parse).OpenAsync(account, password, cancellation);
        return opened.TryGet(out PrivateKey? key, out Refusal? refusal) ? key : throw new KeyPasswordException(account.ToString(), $"{refusal.Detail} ({refusal.Token})");
    }
}
