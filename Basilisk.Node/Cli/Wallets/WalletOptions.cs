using System.CommandLine;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Node.Failures;
using Basilisk.Node.Wallets;
using Basilisk.Wallet.Keystores;

namespace Basilisk.Node.Cli.Wallets;

/// <summary>Options that the wallet's commands share: where the keystore is, and where its password comes from.</summary>
internal sealed class WalletOptions
{
    private readonly CommonOptions _common = new();
    private readonly Option<string?> _keystore = new("--keystore") { Description = "Folder of keystore files. Default: keystore in the data directory." };

    public Option<bool> Json => _common.Json;

    public Option<string> Node => _common.Node;

    public void AddTo(Command command, bool password)
    {
        command.Options.Add(_keystore);
        command.Options.Add(_common.Data);
        command.Options.Add(_common.Json);
        if (password)
        {
            command.Options.Add(_common.PasswordFile);
        }
    }

    public string Folder(ParseResult parse) => Path.GetFullPath(parse.GetValue(_keystore) ?? Path.Combine(parse.GetValue(_common.Data)!, "keystore"));

    public KeystoreFolder Vault(ParseResult parse) => NodeKey.Vault(Folder(parse));

    public PasswordSource Password(ParseResult parse) => new(Folder(parse), parse.GetValue(_common.PasswordFile));

    /// <summary>The account asked for; where none is, the keystore's only one, or the one its node mines for.</summary>
    /// <exception cref="UsageException">It is no address, or there are several to choose from.</exception>
    public async Task<Address> AccountAsync(ParseResult parse, string? asked, string option, CancellationToken cancellation)
    {
        if (asked is not null)
        {
            return Address.TryParse(asked, out Address parsed)
                ? parsed
                : throw new UsageException($"'{asked}' is no address: 0x and 40 hexadecimal digits (mixed case must be its EIP-55 checksum).");
        }

        string folder = Folder(parse);
        IReadOnlyList<Address> accounts = await Vault(parse).ListAsync(cancellation);
        return accounts switch
        {
            [] => throw new UsageException($"The keystore {folder} is empty. Make an account with `./basilisk wallet new`, or name another folder with --keystore."),
            [Address only] => only,
            _ when NodeKey.ReadMiner(folder) is { } miner && accounts.Contains(miner) => miner,
            _ => throw new UsageException($"The keystore {folder} holds {accounts.Count} accounts: choose one with {option}."),
        };
    }

    /// <summary>The value, or the refusal as a failure for the user.</summary>
    public static T Require<T>(Verdict<T> verdict, string what) =>
        verdict.TryGet(out T? value, out Refusal? refusal) ? value : throw new RefusedException(what, refusal);
}
