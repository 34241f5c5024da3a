namespace Basilisk.Node.Fuzzing;

/// <summary>One input that a decoder did not stand.</summary>
/// <param name="Kind">crash, untyped or not-canonical.</param>
/// <param name="Case">Number of the case in its run.</param>
/// <param name="Detail">The exception or the token.</param>
/// <param name="Input">The bytes.</param>
public sealed record FuzzFind(string Kind, long Case, string Detail, byte[] Input);

/// <summary>What a run against one decoder found.</summary>
/// <param name="Decoder">The target's name.</param>
/// <param name="Cases">Inputs given.</param>
/// <param name="Accepted">How many it took.</param>
/// <param name="Tokens">How often it refused, by token.</param>
/// <param name="Crashes">Exceptions, hidden ones too.</param>
/// <param name="Untyped">Refusals without a stable token.</param>
/// <param name="NotCanonical">Inputs taken that are not what their value encodes to.</param>
/// <param name="PeakBytes">Most bytes that one input made the decoder allocate.</param>
/// <param name="HeldBytes">Live memory after the run less that before it: what the inputs left behind.</param>
/// <param name="Finds">The first of each kind and cause.</param>
public sealed record FuzzReport(
    string Decoder,
    long Cases,
    long Accepted,
    IReadOnlyDictionary<string, long> Tokens,
    long Crashes,
    long Untyped,
    long NotCanonical,
    long PeakBytes,
    long HeldBytes,
    IReadOnlyList<FuzzFind> Finds)
{
    public bool IsClean => Crashes + Untyped + NotCanonical == 0;
}
