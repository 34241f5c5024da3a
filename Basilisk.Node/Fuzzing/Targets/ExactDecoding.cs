using Basilisk.Exact.Checkpoints;
using Basilisk.Exact.Corpora;
using Basilisk.Exact.Payloads;
using Basilisk.Exact.Tokens;
using Basilisk.Node.Fuzzing.Samples;

namespace Basilisk.Node.Fuzzing.Targets;

/// <summary>The formats of the judge's data.</summary>
internal static class ExactDecoding
{
    public static FuzzVerdict Payload(FuzzSamples samples, ReadOnlyMemory<byte> bytes) =>
        PayloadCodec.TryDecode(bytes.Span, FuzzSamples.PayloadWeights, FuzzSamples.PayloadLimits, out SparseDelta? delta, out PayloadRefusal? refusal)
            ? FuzzVerdict.Decoded(bytes, PayloadCodec.Encode(delta, FuzzSamples.PayloadLimits))
            : FuzzVerdict.Refused(refusal.Token);

    public static FuzzVerdict Checkpoint(FuzzSamples samples, ReadOnlyMemory<byte> bytes) =>
        CheckpointCodec.TryDecode(bytes.Span, FuzzSamples.Most, out Checkpoint? checkpoint, out CheckpointRefusal? refusal)
            ? FuzzVerdict.Decoded(bytes, CheckpointCodec.Encode(checkpoint))
            : FuzzVerdict.Refused(refusal.Token);

    public static FuzzVerdict Corpus(FuzzSamples samples, ReadOnlyMemory<byte> bytes) =>
        CorpusCodec.TryDecode(bytes.Span, FuzzSamples.Most, out TokenCorpus? corpus, out CorpusRefusal? refusal)
            ? FuzzVerdict.Decoded(bytes, CorpusCodec.Encode(corpus))
            : FuzzVerdict.Refused(refusal.Token);

    public static FuzzVerdict Tokenizer(FuzzSamples samples, ReadOnlyMemory<byte> bytes) =>
        TokenizerTable.TryDecode(bytes.Span, out TokenizerTable? table, out TokenizerRefusal refusal)
            ? FuzzVerdict.Decoded(bytes, table.ToBytes())
            : FuzzVerdict.Refused(refusal.Token);
}
