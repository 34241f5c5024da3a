using System.CommandLine;

namespace Basilisk.Node.Cli.Wallets;

/// <summary><c>basilisk wallet</c>: accounts on this machine.</summary>
internal static class WalletCommand
{
    public static Command Create() => new("wallet", "Accounts on this machine: make, import, list, export, and send BSK from them.")
    {
        WalletNew.Create(),
        WalletImport.Create(),
        WalletList.Create(),
        WalletExport.Create(),
        WalletSend.Create(),
    };
}
