using Basilisk.Exact.Hashing;

namespace Basilisk.Simulation.Chains;

/// <summary>The random numbers of one run, in the order they are asked for.</summary>
internal sealed class RunDraws(Hash256 seed)
{
    private readonly SeedStream _stream = new(seed, "basilisk/simulation");

    /// <summary>From 0 to below 1.</summary>
    public double Uniform() => (_stream.NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The waiting time of a Poisson process.</summary>
    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>Mean 0, deviation 1 (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}
