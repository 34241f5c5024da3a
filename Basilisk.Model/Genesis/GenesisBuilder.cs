using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora;

namespace Basilisk.Model.Genesis;

/// <summary>
/// Makes what a network starts from out of a corpus: reads the texts, learns the tokenizer, encodes, sets the holdout
/// apart and draws the first weights. The same source and options give the same bytes on every machine.
/// </summary>
public sealed class GenesisBuilder
{
    /// <summary>Largest share of the holdout, in thousandths: more would leave less to learn from than to check with.</summary>
    public const int MostHoldoutPermille = 500;

    private readonly GenesisOptions _options;
    private readonly int _threads;

    /// <param name="options">Sizes and seed.</param>
    /// <param name="threads">Threads that encode.</param>
    /// <exception cref="GenesisOptionException">An option lies outside its bounds.</exception>
    public GenesisBuilder(GenesisOptions options, int threads = 2)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        options.Validate();
        _options = options;
        _threads = threads;
    }

    /// <summary>Tokens of the training part below which two disjoint judging sets cannot be drawn.</summary>
    private long TrainingNeeded => (2L * 2 * _options.JudgingWindows * (_options.Context + 1)) + _options.Context;

    private long HoldoutNeeded => (long)_options.JudgingWindows * (_options.Context + 1);

    /// <summary>Does the whole work; seconds to minutes, so not for a thread that something waits on.</summary>
    /// <exception cref="CorpusException">The texts cannot be used, or are too few.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public GenesisArtefacts Build(ICorpusSource source, IProgress<GenesisProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var reader = new CorpusReader();
        progress?.Report(new GenesisProgress(GenesisStage.ReadingTexts, 0, 0));
        reader.Read(source, progress, cancellation);
        TextStatistics statistics = reader.Statistics(source.Name);

        progress?.Report(new GenesisProgress(GenesisStage.LearningTokenizer, 0, statistics.Documents));
        TokenizerTable tokenizer = Learn(reader, cancellation);

        ushort[] tokens = DocumentEncoder.Encode(tokenizer, reader.Shuffled(), _threads, progress, cancellation);
        TokenCorpus corpus = SetHoldoutApart(tokens);

        progress?.Report(new GenesisProgress(GenesisStage.DrawingWeights, 0, 0));
        Checkpoint checkpoint = CheckpointInitialiser.Create(_options.Shape, _options.Seed);
        progress?.Report(new GenesisProgress(GenesisStage.Done, statistics.Documents, statistics.Documents));
        return new GenesisArtefacts(tokenizer, corpus, checkpoint, _options.Seed, statistics);
    }

    private TokenizerTable Learn(CorpusReader reader, CancellationToken cancellation)
    {
        TokenizerTable tokenizer = reader.Trainer.Train(_options.VocabularySize, cancellation);
        return tokenizer.VocabularySize == _options.VocabularySize
            ? tokenizer
            : throw new CorpusTooSmallForNetworkException("distinct tokens", tokenizer.VocabularySize, _options.VocabularySize);
    }

    private TokenCorpus SetHoldoutApart(ushort[] tokens)
    {
        long needed = TrainingNeeded + HoldoutNeeded;
        if (tokens.Length < needed)
        {
            throw new CorpusTooSmallForNetworkException("tokens", tokens.Length, needed);
        }

        // Rounded up, so that the holdout, which the corpus rounds down, still has all its windows.
        long least = ((HoldoutNeeded + 1) * TokenCorpus.ShareDenominator / tokens.Length) + 1;
        int permille = (int)Math.Max(_options.HoldoutPermille, Math.Min(least, MostHoldoutPermille));
        var corpus = new TokenCorpus(_options.VocabularySize, tokens, permille);
        return corpus.TrainingLength >= TrainingNeeded && corpus.Holdout.Length >= HoldoutNeeded
            ? corpus
            : throw new CorpusTooSmallForNetworkException("tokens", tokens.Length, needed + (tokens.Length / TokenCorpus.ShareDenominator) + 1);
    }
}
