using System.CommandLine;
using System.Diagnostics;
using System.Text;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Basilisk.Node.Failures;

namespace Basilisk.Node.Cli.Wallets;

/// <summary><c>basilisk wallet send</c>: a transfer (EIP-1559, type 2) over a node's JSON-RPC.</summary>
internal sealed class WalletSend
{
    private const int MostAttempts = 8;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private readonly WalletOptions _wallet = new();
    private readonly Option<string> _to = new("--to") { Description = "Address that receives.", Required = true };
    private readonly Option<string> _amount = new("--amount") { Description = "BSK to send, for example 1.5.", Required = true };
    private readonly Option<string?> _from = new("--from") { Description = "Account that pays. Default: the keystore's only one, or the one its node mines for." };
    private readonly Option<string?> _fee = new("--fee") { Description = "Most gwei per gas, base fee and tip together. Default: twice the base fee, plus the tip." };
    private readonly Option<string> _tip = new("--tip") { Description = "Gwei per gas for the miner.", DefaultValueFactory = _ => "1" };
    private readonly Option<string?> _memo = new("--memo") { Description = "A text that goes into the transaction, for everybody to read." };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Do not wait until the transaction is in a block." };
    private readonly Option<TimeSpan?> _timeout = new("--timeout") { Description = $"How long to wait for the block ({Duration.Form}). Default: 2m.", CustomParser = Duration.Parse };
    private readonly Option<bool> _yes = new("--yes") { Description = "Send without asking." };

    public static Command Create()
    {
        var send = new WalletSend();
        var command = new Command("send", "Send BSK. Shows amount, fee and the balance after it, asks on a terminal, and waits for the block.");
        send._wallet.AddTo(command, password: true);
        foreach (Option option in new Option[] { send._to, send._amount, send._from, send._fee, send._tip, send._memo, send._wallet.Node, send._noWait, send._timeout, send._yes })
        {
            command.Options.Add(option);
        }

        command.SetAction(send.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        Address to = await _wallet.AccountAsync(parse, parse.GetValue(_to), "--to", cancellation);
        UInt256 amount = Bsk.TryParse(parse.GetValue(_amount), out UInt256 wei)
            ? wei
            : throw new UsageException($"--amount is '{parse.GetValue(_amount)}', but must be BSK such as 1.5, with at most {Bsk.Decimals} decimals.");
        UInt256 tip = Gwei("--tip", parse.GetValue(_tip)!);
        UInt256? fee = parse.GetValue(_fee) is { } text ? Gwei("--fee", text) : null;
        Address from = await _wallet.AccountAsync(parse, parse.GetValue(_from), "--from", cancellation);
        using var node = new EthereumClient(NodeUrl.Parse(parse.GetValue(_wallet.Node)!));
        UnsignedTransaction transfer = await PrepareAsync(node, from, to, amount, tip, fee, parse.GetValue(_memo) ?? "", cancellation);
        UInt256 balance = await node.BalanceAsync(from, cancellation);
        UInt256 most = amount + (transfer.MaxFeePerGas * transfer.GasLimit);
        if (balance < most)
        {
            throw new InsufficientBalanceException(from.ToString(), Bsk.Format(balance), Bsk.Format(most));
        }

        bool json = parse.GetValue(_wallet.Json);
        if (!json)
        {
            Show(transfer, from, balance - most);
            if (!parse.GetValue(_yes) && Terminal.CanAsk && !Terminal.Confirm("Send?"))
            {
                Console.Error.WriteLine("Not sent.");
                return CommandLine.Failed;
            }
        }

        using PrivateKey key = await WalletExport.OpenAsync(_wallet, parse, from, cancellation);
        string hash = await SubmitAsync(node, transfer, from, key, cancellation);
        Tell(json, "sent", hash, transfer, from, balance - most, null);
        if (!parse.GetValue(_noWait))
        {
            ulong block = await WaitAsync(node, hash, parse.GetValue(_timeout) ?? TimeSpan.FromMinutes(2), cancellation);
            Tell(json, "confirmed", hash, transfer, from, await node.BalanceAsync(from, cancellation), block);
        }

        return 0;
    }

    private static async Task<UnsignedTransaction> PrepareAsync(
        EthereumClient node, Address from, Address to, UInt256 amount, UInt256 tip, UInt256? fee, string memo, CancellationToken cancellation)
    {
        ulong chain = await node.ChainIdAsync(cancellation);
        ulong nonce = await node.NextNonceAsync(from, cancellation);
        UInt256 most = fee ?? ((await node.BaseFeeAsync(cancellation) * 2) + tip);
        byte[] data = Encoding.UTF8.GetBytes(memo);
        UnsignedTransaction draft = UnsignedTransaction.DynamicFee(chain, nonce, tip, most, 0, to, amount, data);
        UnsignedTransaction transfer = draft with { GasLimit = draft.IntrinsicGas };
        return transfer.Check() is { } refusal ? throw new RefusedException("The transfer would be refused", refusal) : transfer;
    }

    /// <summary>
    /// Signs with the next nonce of now, and again where another sender of the same account was faster: a node that trains sends
    /// commits and reveals from the account that it mines for.
    /// </summary>
    private static async Task<string> SubmitAsync(EthereumClient node, UnsignedTransaction transfer, Address from, PrivateKey key, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            UnsignedTransaction current = transfer with { Nonce = await node.NextNonceAsync(from, cancellation) };
            try
            {
                return await node.SendAsync(current.Sign(key).Encode(), cancellation);
            }
            catch (NodeRefusedException refusal) when (attempt < MostAttempts && IsNonceTaken(refusal))
            {
                await Task.Delay(Poll / 10, cancellation);
            }
        }
    }

    // The words of go-ethereum, which every Ethereum node repeats: there is no code for it.
    private static bool IsNonceTaken(NodeRefusedException refusal) =>
        refusal.Message.Contains("nonce too low", StringComparison.Ordinal) || refusal.Message.Contains("replacement transaction underpriced", StringComparison.Ordinal);

    private static async Task<ulong> WaitAsync(EthereumClient node, string hash, TimeSpan patience, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < patience)
        {
            if (await node.ReceiptAsync(hash, cancellation) is { } receipt)
            {
                return receipt.Succeeded ? receipt.Block : throw new NodeRefusedException(hash, $"block {receipt.Block} holds it as failed");
            }

            await Task.Delay(Poll, cancellation);
        }

        throw new ReceiptMissingException(hash, patience);
    }

    private static void Show(UnsignedTransaction transfer, Address from, UInt256 after)
    {
        Console.Error.WriteLine($"from     {from}");
        Console.Error.WriteLine($"to       {transfer.To}");
        Console.Error.WriteLine($"amount   {Bsk.Format(transfer.Value)} BSK");
        Console.Error.WriteLine($"fee      at most {Bsk.Format(transfer.MaxFeePerGas * transfer.GasLimit)} BSK");
        Console.Error.WriteLine($"after    at least {Bsk.Format(after)} BSK");
    }

    private static void Tell(bool json, string @event, string hash, UnsignedTransaction transfer, Address from, UInt256 balance, ulong? block)
    {
        if (json)
        {
            JsonLine.Write(new
            {
                @event,
                hash,
                from = from.ToString(),
                to = transfer.To.ToString(),
                amount_wei = transfer.Value.ToString(),
                fee_limit_wei = (transfer.MaxFeePerGas * transfer.GasLimit).ToString(),
                balance_wei = balance.ToString(),
                block,
            });
        }
        else
        {
            Console.Out.WriteLine(block is null ? $"sent {hash}" : $"in block {block}; balance {Bsk.Format(balance)} BSK");
        }
    }

    // Gwei have nine decimals in wei: BSK's reader with the point moved.
    private static UInt256 Gwei(string option, string text) =>
        Bsk.TryParse(text, out UInt256 scaled) && UInt256.DivRem(scaled, Bsk.Gwei) is { Remainder.IsZero: true } division
            ? division.Quotient
            : throw new UsageException($"{option} is '{text}', but must be gwei per gas such as 2 or 1.5, with at most 9 decimals.");
}
