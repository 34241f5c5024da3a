namespace Basilisk.Contracts.Model;

/// <summary>The model's measured quality after one round.</summary>
/// <param name="Round">Round that made the checkpoint; −1 for genesis.</param>
/// <param name="Height">Height from which the checkpoint is in force.</param>
/// <param name="ModelRoot">The checkpoint.</param>
/// <param name="HoldoutLoss">Nats per token on text never trained on.</param>
/// <param name="HoldoutBitsPerByte">The same in bits per byte of text, which a change of tokenizer leaves comparable.</param>
/// <param name="TrainingLoss">Nats per token on the round's confirmation set.</param>
/// <param name="GainNats">Confirmed gain of the round.</param>
/// <param name="Time">Unix seconds.</param>
public sealed record QualityPoint(
    int Round,
    long Height,
    string ModelRoot,
    double HoldoutLoss,
    double HoldoutBitsPerByte,
    double TrainingLoss,
    double GainNats,
    long Time);

/// <summary>Share of held-out exact-match questions answered right after a round, by kind.</summary>
/// <param name="Round">Round that made the checkpoint; −1 for genesis.</param>
/// <param name="Height">Height from which the checkpoint is in force.</param>
/// <param name="ModelRoot">The checkpoint.</param>
/// <param name="Kinds">Score by kind of question.</param>
public sealed record PrimerPoint(int Round, long Height, string ModelRoot, IReadOnlyList<PrimerScore> Kinds);

/// <param name="Kind">For example arithmetic, spelling, calendar.</param>
/// <param name="Correct">Questions answered exactly.</param>
/// <param name="Total">Questions asked.</param>
public sealed record PrimerScore(string Kind, int Correct, int Total);
