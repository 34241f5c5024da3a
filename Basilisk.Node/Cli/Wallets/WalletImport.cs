using System.CommandLine;
using System.Security.Cryptography;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Node.Failures;
using Basilisk.Wallet.Derivation;
using Basilisk.Wallet.Keystores;
using Basilisk.Wallet.Phrases;

namespace Basilisk.Node.Cli.Wallets;

/// <summary><c>basilisk wallet import</c>: an account from a phrase, a private key or another wallet's keystore.</summary>
internal static class WalletImport
{
    public static Command Create()
    {
        var command = new Command(
            "import", "Store an account that exists elsewhere. Without a file option the recovery phrase is read from the input, or asked for without echo.");
        var options = new WalletOptions();
        options.AddTo(command, password: true);
        var phraseFile = new Option<string?>("--phrase-file") { Description = "File with a recovery phrase." };
        var keyFile = new Option<string?>("--key-file") { Description = "File with a private key: 64 hexadecimal digits." };
        var keystoreFile = new Option<string?>("--keystore-file") { Description = "Keystore JSON (version 3) of any wallet; the password is that file's." };
        Option<int> index = WalletNew.IndexOption();
        foreach (Option option in new Option[] { phraseFile, keyFile, keystoreFile, index })
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parse, cancellation) =>
        {
            string?[] files = [parse.GetValue(phraseFile), parse.GetValue(keyFile), parse.GetValue(keystoreFile)];
            if (files.Count(file => file is not null) > 1)
            {
                throw new UsageException("Give one of --phrase-file, --key-file and --keystore-file.");
            }

            Address account = files[2] is { } json
                ? await ImportKeystoreAsync(options, parse, json, cancellation)
                : await ImportKeyAsync(options, parse, files[0], files[1], (uint)parse.GetValue(index), cancellation);
            if (parse.GetValue(options.Json))
            {
                JsonLine.Write(new { @event = "account", address = account.ToString(), keystore = options.Folder(parse) });
            }
            else
            {
                Console.Out.WriteLine($"Account {account}, stored in {options.Folder(parse)}");
            }

            return 0;
        });
        return command;
    }

    private static async Task<Address> ImportKeystoreAsync(WalletOptions options, ParseResult parse, string file, CancellationToken cancellation)
    {
        string json = await SecretFile.ReadAsync(file, cancellation);
        string name = KeystoreV3.ReadAddress(json)?.ToString() ?? file;
        string password = await options.Password(parse).ExistingAsync(name, cancellation);
        return WalletOptions.Require(await options.Vault(parse).ImportAsync(json, password, cancellation), $"{file} was not imported");
    }

    private static async Task<Address> ImportKeyAsync(
        WalletOptions options, ParseResult parse, string? phraseFile, string? keyFile, uint index, CancellationToken cancellation)
    {
        using PrivateKey key = keyFile is not null ? await ReadKeyAsync(keyFile, cancellation) : PhraseAccounts.Derive(await ReadPhraseAsync(phraseFile, cancellation), index);
        string password = await options.Password(parse).NewAsync(cancellation);
        return WalletOptions.Require(await options.Vault(parse).AddAsync(key, password, cancellation), "The account was not stored");
    }

    private static async Task<RecoveryPhrase> ReadPhraseAsync(string? file, CancellationToken cancellation)
    {
        string text = file is not null ? await SecretFile.ReadAsync(file, cancellation)
            : Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellation) ?? ""
            : Terminal.CanAsk ? Terminal.AskSecret("Recovery phrase")
            : throw new UsageException("Nobody can be asked for the phrase here. Give it with --phrase-file FILE.");
        Verdict<RecoveryPhrase> parsed = RecoveryPhrase.Parse(text);

        // The refusal's own sentence may name a word; the token alone says enough where others may read along.
        return parsed.TryGet(out RecoveryPhrase? phrase, out Refusal? refusal)
            ? phrase
            : throw new RefusedException("The recovery phrase cannot be used", refusal with { Detail = Explain(refusal) });
    }

    private static string Explain(Refusal refusal) => refusal.Token switch
    {
        Wallet.WalletToken.PhraseLength => $"it has {refusal.Seen} words; a phrase has 12, 15, 18, 21 or 24.",
        Wallet.WalletToken.PhraseWordUnknown => $"word {refusal.Seen} is not in the English list of BIP-39.",
        _ => "its words do not confirm each other: one is wrong or out of place.",
    };

    private static async Task<PrivateKey> ReadKeyAsync(string file, CancellationToken cancellation)
    {
        string text = (await SecretFile.ReadAsync(file, cancellation)).Trim();
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        byte[] bytes = new byte[PrivateKey.Size];
        try
        {
            return digits.Length == 2 * PrivateKey.Size
                && Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done
                && PrivateKey.TryCreate(bytes, out PrivateKey? key)
                ? key
                : throw new SecretFileException(file, "it holds no private key: 64 hexadecimal digits, not zero and below the group order.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
