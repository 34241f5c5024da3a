using System.CommandLine;
using System.Security.Cryptography;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Node.Failures;
using Basilisk.Wallet.Derivation;
using Basilisk.Wallet.Phrases;

namespace Basilisk.Node.Cli.Wallets;

/// <summary><c>basilisk wallet new</c>: a recovery phrase, and its account as a keystore.</summary>
internal static class WalletNew
{
    public static Command Create()
    {
        var command = new Command("new", "Make a recovery phrase (BIP-39), derive its account (m/44'/60'/0'/0/i) and store it encrypted.");
        var options = new WalletOptions();
        options.AddTo(command, password: true);
        var words = new Option<int>("--words") { Description = "Words of the phrase: 12 or 24.", DefaultValueFactory = _ => 12 };
        words.Require(value => value is 12 or 24, "--words is 12 or 24.");
        Option<int> index = IndexOption();
        var phraseFile = new Option<string?>("--phrase-file") { Description = "Write the phrase to this new file, readable by you only, instead of the terminal." };
        command.Options.Add(words);
        command.Options.Add(index);
        command.Options.Add(phraseFile);
        command.SetAction(async (parse, cancellation) =>
        {
            string? file = parse.GetValue(phraseFile);
            bool json = parse.GetValue(options.Json);
            if (file is null && (json || !Terminal.IsSeen))
            {
                throw new UsageException("The phrase is shown on a terminal only. Name a new file for it with --phrase-file FILE.");
            }

            string password = await options.Password(parse).NewAsync(cancellation);
            RecoveryPhrase phrase = RecoveryPhrase.Create(parse.GetValue(words), RandomNumberGenerator.GetBytes);
            if (file is not null)
            {
                // First, so that no account exists whose phrase was lost.
                await SecretFile.WriteAsync(file, string.Join(' ', phrase.Words), cancellation);
            }

            using PrivateKey key = PhraseAccounts.Derive(phrase, (uint)parse.GetValue(index));
            Address account = WalletOptions.Require(await options.Vault(parse).AddAsync(key, password, cancellation), "The account was not stored");
            Tell(account, file is null ? phrase : null, file, options.Folder(parse), json);
            return 0;
        });
        return command;
    }

    public static Option<int> IndexOption()
    {
        var index = new Option<int>("--index") { Description = "Which account of the phrase, from 0." };
        index.Require(value => value >= 0, "--index is 0 or more.");
        return index;
    }

    private static void Tell(Address account, RecoveryPhrase? phrase, string? file, string folder, bool json)
    {
        if (json)
        {
            JsonLine.Write(new { @event = "account", address = account.ToString(), keystore = folder, phrase_file = file });
            return;
        }

        if (phrase is not null)
        {
            Console.Out.WriteLine("Recovery phrase. Write it on paper now: it is shown this once, whoever reads it owns the account, and without it a lost password is a lost account.");
            Console.Out.WriteLine();
            Console.Out.WriteLine("  " + string.Join(' ', phrase.Words));
            Console.Out.WriteLine();
        }
        else
        {
            Console.Out.WriteLine($"The recovery phrase is in {file}. Whoever reads it owns the account: move it off this machine.");
        }

        Console.Out.WriteLine($"Account {account}, stored in {folder}");
    }
}
