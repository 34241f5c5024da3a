using Basilisk.Exact.Judging;
using Basilisk.Exact.Shapes;

namespace Basilisk.Model.Transformer;

/// <summary>What a batch must fulfil before its tokens become addresses.</summary>
internal static class BatchRules
{
    /// <exception cref="ArgumentException">The batch is empty, longer than the context, or holds a token that is not in the vocabulary.</exception>
    public static void Check(TokenBatch batch, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Sequences == 0 || batch.Length > shape.Context)
        {
            throw new ArgumentException($"A batch of {batch.Sequences} × {batch.Length} tokens; at least one sequence of at most {shape.Context} is needed.", nameof(batch));
        }

        for (int sequence = 0; sequence < batch.Sequences; sequence++)
        {
            foreach (ushort token in batch.Sequence(sequence))
            {
                if (token >= shape.Vocabulary)
                {
                    throw new ArgumentException($"Token {token} in sequence {sequence} is not in the vocabulary of {shape.Vocabulary}.", nameof(batch));
                }
            }
        }
    }
}
