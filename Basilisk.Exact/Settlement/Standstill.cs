using Basilisk.Exact.Payloads;

namespace Basilisk.Exact.Settlement;

/// <summary>
/// Step 8's members: what was made from the checkpoint in force since the model last moved. The payloads of the rounds that left it where
/// it is, and this round's that gain; clipped to their median as a round's are, and all of the same weight, because none was judged
/// worth more.
/// </summary>
internal sealed class Standstill
{
    private Standstill(IReadOnlyList<SparseDelta> deltas)
    {
        Deltas = NormClip.ClipAll(deltas);
        Weights = [.. Enumerable.Repeat(1, Deltas.Count)]; // not 2¹⁶: nine rounds of 4,096 at that weight could pass 64 bits
    }

    public IReadOnlyList<SparseDelta> Deltas { get; }

    public int[] Weights { get; }

    /// <summary>Null where the last round moved the model, or the rounds since it last moved revealed nothing.</summary>
    /// <param name="input">The round.</param>
    /// <param name="gains">Whether the candidate's probe lowers the loss.</param>
    public static Standstill? Of(SettlementInput input, IReadOnlyList<bool> gains) =>
        Of(input.PastPayloads.Take(Rounds(input)).SelectMany(round => round), input.Candidates.Where((_, i) => gains[i]).Select(candidate => candidate.Delta));

    /// <summary>Rounds before this one, from the last on, that left the model where it is.</summary>
    public static int Rounds(SettlementInput input) => input.Past.TakeWhile(past => past.Root == input.Current.Root).Count();

    /// <summary>Null without a payload of the rounds before.</summary>
    /// <param name="before">Payloads of the rounds that left the model where it is.</param>
    /// <param name="gaining">This round's that gain.</param>
    public static Standstill? Of(IEnumerable<SparseDelta> before, IEnumerable<SparseDelta> gaining) =>
        before.ToArray() is { Length: > 0 } found ? new Standstill([.. found, .. gaining]) : null;
}
