namespace Basilisk.Node.Peers.Policy;

/// <summary>
/// How much an offence counts. At <see cref="BanScore"/> points a peer is banned. Points halve every <see cref="HalfLife"/>, so that
/// bad luck is forgotten and a habit is not.
/// </summary>
public static class OffenceWeights
{
    /// <summary>Points at which a peer is banned.</summary>
    public const int BanScore = 100;

    public static TimeSpan HalfLife { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a ban lasts.</summary>
    public static TimeSpan BanTime { get; } = TimeSpan.FromHours(24);

    /// <summary>Points of one offence.</summary>
    public static int Of(Offence offence) => offence switch
    {
        Offence.Malformed => 100, // our own codec never writes them
        Offence.InvalidHeader => 100, // every node checks work before it relays
        Offence.InvalidBlock => 100, // likewise
        Offence.InvalidChunk => 100,
        Offence.Flood => 50,
        Offence.InvalidTransaction => 34, // a relay may have checked against other parameters of its mempool, never the signature
        Offence.UnaskedAnswer => 20, // an answer may cross with our giving up
        Offence.UnconnectedHeaders => 20,
        Offence.Stalled => 10, // slow lines exist
        Offence.TimeTooFarAhead => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(offence), offence, "An offence without a weight."),
    };
}
