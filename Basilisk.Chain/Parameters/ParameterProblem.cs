namespace Basilisk.Chain.Parameters;

/// <summary>A parameter outside its bound.</summary>
/// <param name="Key">Path of the parameter, e.g. <c>Rounds.UnitLifetime</c>.</param>
/// <param name="Value">What it is.</param>
/// <param name="Bound">What it must be, with the reason.</param>
public sealed record ParameterProblem(string Key, string Value, string Bound)
{
    public override string ToString() => $"{Key} is {Value}; {Bound}";
}
