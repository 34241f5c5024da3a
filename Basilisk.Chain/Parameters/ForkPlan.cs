using System.Collections.Immutable;

namespace Basilisk.Chain.Parameters;

/// <summary>A height from which a rule holds. Its own type, so that it is never mixed up with a height of something.</summary>
public readonly record struct ActivationHeight(ulong Value) : IComparable<ActivationHeight>
{
    /// <summary>Whether the rule holds in the block of this height.</summary>
    public bool IsActiveAt(ulong height) => height >= Value;

    public int CompareTo(ActivationHeight other) => Value.CompareTo(other.Value);
}

/// <summary>One planned change of the rules.</summary>
/// <param name="Name">Short kebab-case name, e.g. <c>base</c>.</param>
/// <param name="HeaderVersion">Version that headers carry from then on.</param>
/// <param name="Activation">First height of the new rules.</param>
public sealed record ForkActivation(string Name, uint HeaderVersion, ActivationHeight Activation);

/// <summary>
/// The planned changes of a network's rules, by rising height. The first starts at height 0; a header's version
/// says which rules its miner followed, so an upgraded and an old node part at the activation, loudly.
/// </summary>
public sealed record ForkPlan
{
    /// <summary>The rules of version 1 from genesis on.</summary>
    public static ForkPlan Base { get; } = new([new ForkActivation("base", 1, new ActivationHeight(0))]);

    /// <exception cref="ArgumentException">No fork, the first not at height 0, or heights or versions not rising.</exception>
    public ForkPlan(ImmutableArray<ForkActivation> forks)
    {
        if (forks.IsDefaultOrEmpty || forks[0].Activation.Value != 0)
        {
            throw new ArgumentException("A fork plan starts with a fork at height 0.", nameof(forks));
        }

        for (int i = 1; i < forks.Length; i++)
        {
            if (forks[i].Activation.Value <= forks[i - 1].Activation.Value || forks[i].HeaderVersion <= forks[i - 1].HeaderVersion)
            {
                throw new ArgumentException($"Fork '{forks[i].Name}' must come after '{forks[i - 1].Name}' in height and version.", nameof(forks));
            }
        }

        Forks = forks;
    }

    public ImmutableArray<ForkActivation> Forks { get; }

    /// <summary>The fork in force at a height.</summary>
    public ForkActivation At(ulong height)
    {
        int last = Forks.Length - 1;
        while (!Forks[last].Activation.IsActiveAt(height))
        {
            last--;
        }

        return Forks[last];
    }

    public bool Equals(ForkPlan? other) => other is not null && Forks.SequenceEqual(other.Forks);

    public override int GetHashCode() => Forks.Length == 0 ? 0 : Forks[^1].GetHashCode();
}
