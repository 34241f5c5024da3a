using Basilisk.Exact.Hashing;
using Basilisk.Exact.Shapes;
using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Genesis;

/// <summary>What a new network's model and data are made by. The defaults are the dev network's.</summary>
public sealed record GenesisOptions
{
    /// <summary>Tokens in all, 260 to 65,536.</summary>
    public int VocabularySize { get; init; } = 1024;

    /// <summary>The one dial that the model's sizes follow from (<see cref="ModelShape.FromDepth"/>).</summary>
    public int Depth { get; init; } = 4;

    /// <summary>Longest sequence, in tokens.</summary>
    public int Context { get; init; } = 128;

    /// <summary>Least share of the holdout, in thousandths; a small corpus gives more, so that its holdout can be judged.</summary>
    public int HoldoutPermille { get; init; } = 20;

    /// <summary>Windows in each of the paid set, the confirmation set and the holdout set, as in the network's parameters.</summary>
    public int JudgingWindows { get; init; } = 128;

    /// <summary>What the first weights are drawn from.</summary>
    public Hash256 Seed { get; init; }

    /// <summary>Sizes of the model.</summary>
    public ModelShape Shape => ModelShape.FromDepth(Depth, VocabularySize, Context);

    /// <exception cref="GenesisOptionException">A value lies outside its bounds.</exception>
    public void Validate()
    {
        Require(nameof(VocabularySize), VocabularySize, SpecialTokens.FirstMerge, SpecialTokens.FirstMerge + TokenizerTable.MaxMerges);
        Require(nameof(Depth), Depth, 1, 64);
        Require(nameof(Context), Context, 8, 8192);
        Require(nameof(HoldoutPermille), HoldoutPermille, 1, GenesisBuilder.MostHoldoutPermille);
        Require(nameof(JudgingWindows), JudgingWindows, 1, 65_536);
    }

    private static void Require(string key, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new GenesisOptionException(key, value, least, most);
        }
    }
}

/// <summary>An option lies outside its bounds.</summary>
public sealed class GenesisOptionException(string key, int value, int least, int most)
    : Exception($"{key} is {value}; it must be from {least} to {most}.")
{
    public string Key { get; } = key;

    public int Value { get; } = value;
}
