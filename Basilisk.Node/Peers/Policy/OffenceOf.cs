using Basilisk.Chain.Refusals;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;

namespace Basilisk.Node.Peers.Policy;

/// <summary>Which refusals are the sender's fault. What may be bad luck, a clock or another view of the chain is nobody's.</summary>
public static class OffenceOf
{
    /// <summary>Of headers, after one was refused; null where no honest node is to blame.</summary>
    public static Offence? Header(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Token switch
        {
            Tokens.HeaderOrphan => Offence.UnconnectedHeaders,
            Tokens.TimeTooFarAhead => Offence.TimeTooFarAhead,
            Tokens.ReorganisationTooDeep or HeaderTokens.WorkTooLow => null,
            _ => Offence.InvalidHeader,
        };
    }

    /// <summary>Of a block.</summary>
    public static Offence? Block(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Token switch
        {
            Tokens.HeaderOrphan or Tokens.ReorganisationTooDeep or HeaderTokens.WorkTooLow or HeaderTokens.ParkedFull => null,
            Tokens.TimeTooFarAhead => Offence.TimeTooFarAhead,
            Tokens.WorkInsufficient or Tokens.TargetMismatch or Tokens.HeaderInvalidAncestor => Offence.InvalidHeader,
            _ => Offence.InvalidBlock,
        };
    }

    /// <summary>Of a waiting transaction: only what is wrong by itself counts, as the sender may see another tip.</summary>
    public static Offence? Transaction(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Token switch
        {
            MempoolTokens.PayloadMissing => Offence.InvalidTransaction,
            MempoolTokens.AlreadyKnown or MempoolTokens.ReplacementUnderpriced or MempoolTokens.MempoolFull or MempoolTokens.SenderLimit
                or MempoolTokens.NonceGapTooWide or MempoolTokens.PayloadsFull => null,
            _ => refusal.Kind is RefusalKind.Malformed or RefusalKind.Isolation ? Offence.InvalidTransaction : null,
        };
    }
}
