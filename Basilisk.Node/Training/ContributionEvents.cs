namespace Basilisk.Node.Training;

/// <summary>
/// What the trainer must not forget between commit and reveal. Written before the commitment is sent, with the payload beside it,
/// so that a node that dies in between still reveals.
/// </summary>
/// <param name="Unit">The work unit.</param>
/// <param name="Round">Round of the commitment.</param>
/// <param name="ModelRoot">C_r.</param>
/// <param name="Salt">Random; secret until the reveal.</param>
/// <param name="PayloadHash">Keccak-256 of the payload, the blob's key.</param>
public sealed record ContributionPrepared(string Unit, long Round, string ModelRoot, string Salt, string PayloadHash)
{
    public const string EventType = "contribution_prepared";

    public static string StreamOf(Chain.Primitives.Address miner) => $"contributions-{miner}";
}
