namespace Basilisk.Chain.Refusals;

/// <summary>
/// Why untrusted input was turned away. Refusals are values, never exceptions: a hostile peer must not choose the
/// cost of a stack unwind, and a caller must be able to tell one cause from another without reading prose.
/// </summary>
/// <param name="Kind">What a rule needed to know to refuse: the bytes alone, the header's ancestors, the state.</param>
/// <param name="Token">Stable kebab-case name of the rule that refused. Tests, APIs and peers match on it.</param>
/// <param name="Detail">A sentence for people. Never contains secrets; may change between versions.</param>
/// <param name="Seen">The number found, where the rule is about a number.</param>
/// <param name="Allowed">The bound it broke.</param>
public sealed record Refusal(RefusalKind Kind, string Token, string Detail, long? Seen = null, long? Allowed = null)
{
    public override string ToString() => (Seen, Allowed) switch
    {
        (null, null) => $"{Token}: {Detail}",
        (_, null) => $"{Token}: {Detail} (seen {Seen})",
        (null, _) => $"{Token}: {Detail} (allowed {Allowed})",
        _ => $"{Token}: {Detail} (seen {Seen}, allowed {Allowed})",
    };
}
