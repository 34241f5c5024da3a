using Basilisk.Chain.Rlp;

namespace Basilisk.Chain.State;

/// <summary>State values were written by these rules, so one that does not read is a broken invariant, not input.</summary>
internal static class StateValues
{
    public static T Sound<T>(in RlpReader reader, T value) =>
        reader.Failed ? throw new InvalidOperationException($"A state value of type {typeof(T).Name} does not decode: {reader.Refusal}.") : value;
}
