using Basilisk.Model.Genesis;

namespace Basilisk.Node.Cli.Networks;

/// <summary>Shows the making of a network as progress bars.</summary>
internal sealed class GenesisBar(ProgressLine line) : IProgress<GenesisProgress>
{
    public void Report(GenesisProgress value)
    {
        string? stage = value.Stage switch
        {
            GenesisStage.ReadingTexts => "reading texts",
            GenesisStage.LearningTokenizer => "learning the tokenizer",
            GenesisStage.EncodingTexts => "encoding texts",
            GenesisStage.DrawingWeights => "drawing the first weights",
            _ => null,
        };
        if (stage is not null)
        {
            line.Report(stage, value.Seen, value.Stage == GenesisStage.LearningTokenizer ? 0 : value.Of);
        }
    }
}
