using Basilisk.Chain.Refusals;
using Basilisk.Chain.Transactions;
using Basilisk.Node.Mempool;

namespace Basilisk.Node.Api.JsonRpc.Wire;

/// <summary>Refusals in the words of Ethereum's nodes: wallets and libraries match on these texts.</summary>
internal static class RefusalTexts
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        [Tokens.NonceTooLow] = "nonce too low",
        [Tokens.NonceTooHigh] = "nonce too high",
        [MempoolTokens.NonceGapTooWide] = "nonce too high",
        [Tokens.BalanceTooLow] = "insufficient funds for gas * price + value",
        [Tokens.FeeBelowBase] = "max fee per gas less than block base fee",
        [Tokens.ChainIdMismatch] = "invalid chain id for signer",
        [Tokens.GasLimitAboveBlock] = "exceeds block gas limit",
        [MempoolTokens.AlreadyKnown] = "already known",
        [MempoolTokens.ReplacementUnderpriced] = "replacement transaction underpriced",
        [MempoolTokens.MempoolFull] = "transaction underpriced",
        [MempoolTokens.SenderLimit] = "account limit exceeded",
        [TransactionToken.IntrinsicGasTooLow] = "intrinsic gas too low",
        [TransactionToken.TipAboveFeeCap] = "max priority fee per gas higher than max fee per gas",
        [TransactionToken.TypeUnsupported] = "transaction type not supported",
        [TransactionToken.TooLarge] = "oversized data",
        [TransactionToken.NonceExhausted] = "nonce has max value",
        [TransactionToken.ContractCreationUnsupported] = "contract creation is not supported",
        [TransactionToken.SignatureNotRecoverable] = "invalid sender",
        [TransactionToken.SignatureOutOfRange] = "invalid sender",
        [TransactionToken.SignatureHighS] = "invalid sender",
    };

    public static RpcError Of(Refusal refusal) => new(
        RpcCodes.TransactionRejected,
        Texts.TryGetValue(refusal.Token, out string? text) ? $"{text}: {refusal.Detail}" : $"transaction rejected: {refusal}",
        refusal.Token);
}
