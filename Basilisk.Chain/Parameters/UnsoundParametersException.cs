namespace Basilisk.Chain.Parameters;

/// <summary>A network's parameters are outside their bounds: correct each one named and make the network again.</summary>
public sealed class UnsoundParametersException(string network, IReadOnlyList<ParameterProblem> problems)
    : Exception($"Network '{network}' cannot run: {string.Join("; ", problems)}. Correct these and make the network again.")
{
    public IReadOnlyList<ParameterProblem> Problems { get; } = problems;
}
