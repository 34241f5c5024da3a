using System.CommandLine;
using Basilisk.Chain.Primitives;
using Basilisk.Node.Wallets;

namespace Basilisk.Node.Cli.Wallets;

/// <summary><c>basilisk wallet list</c>: the accounts of a keystore. Needs no password.</summary>
internal static class WalletList
{
    public static Command Create()
    {
        var command = new Command("list", "List the accounts of the keystore. Needs no password.");
        var options = new WalletOptions();
        options.AddTo(command, password: false);
        command.SetAction(async (parse, cancellation) =>
        {
            string folder = options.Folder(parse);
            Address? miner = NodeKey.ReadMiner(folder);
            IReadOnlyList<Address> accounts = await options.Vault(parse).ListAsync(cancellation);
            foreach (Address account in accounts)
            {
                if (parse.GetValue(options.Json))
                {
                    JsonLine.Write(new { @event = "account", address = account.ToString(), miner = account == miner });
                }
                else
                {
                    Console.Out.WriteLine(account == miner ? $"{account}  (the node mines for it)" : account.ToString());
                }
            }

            if (accounts.Count == 0)
            {
                Console.Error.WriteLine($"No accounts in {folder}. Make one with `./basilisk wallet new`.");
            }

            return 0;
        });
        return command;
    }
}
