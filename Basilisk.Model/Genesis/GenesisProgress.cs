namespace Basilisk.Model.Genesis;

/// <summary>The steps of making a network, in order.</summary>
public enum GenesisStage
{
    ReadingTexts,
    LearningTokenizer,
    EncodingTexts,
    DrawingWeights,
    Done,
}

/// <summary>How far a network's making has come.</summary>
/// <param name="Stage">The step under way.</param>
/// <param name="Seen">Documents read or encoded in this step.</param>
/// <param name="Of">Documents in all; 0 while unknown.</param>
public readonly record struct GenesisProgress(GenesisStage Stage, int Seen, int Of);
