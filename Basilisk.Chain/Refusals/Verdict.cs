using System.Diagnostics.CodeAnalysis;

namespace Basilisk.Chain.Refusals;

/// <summary>Either a value or the reason there is none.</summary>
public readonly struct Verdict<T>
{
    private readonly T? _value;
    private readonly Refusal? _refusal;

    private Verdict(T? value, Refusal? refusal)
    {
        _value = value;
        _refusal = refusal;
    }

    /// <summary>The reason, or null where there is a value.</summary>
    public Refusal? Refusal => _refusal;

    public bool IsRefused => _refusal is not null;

    /// <exception cref="InvalidOperationException">There is only a refusal: the caller did not look first.</exception>
    public T Value => _refusal is null
        ? _value!
        : throw new InvalidOperationException($"A refused verdict has no value. {_refusal}");

    /// <summary>True with the value, or false with the refusal.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Refusal? refusal)
    {
        value = _value;
        refusal = _refusal;
        return _refusal is null;
    }

    public static Verdict<T> Accept(T value) => new(value, null);

    public static Verdict<T> Refuse(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new Verdict<T>(default, refusal);
    }

    public static implicit operator Verdict<T>(T value) => Accept(value);

    public static implicit operator Verdict<T>(Refusal refusal) => Refuse(refusal);
}
