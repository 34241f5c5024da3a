namespace Basilisk.Node.Mempool;

/// <summary>Why the mempool refuses what the chain's rules would not.</summary>
public static class MempoolTokens
{
    public const string AlreadyKnown = "already-known";
    public const string ReplacementUnderpriced = "replacement-underpriced";
    public const string MempoolFull = "mempool-full";
    public const string SenderLimit = "sender-limit";
    public const string NonceGapTooWide = "nonce-gap-too-wide";
    public const string PayloadMissing = "payload-missing";
    public const string PayloadsFull = "payloads-full";
}
