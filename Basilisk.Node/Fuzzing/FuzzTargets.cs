using Basilisk.Chain.Blocks;
using Basilisk.Chain.Settlement;
using Basilisk.Chain.State;
using Basilisk.Chain.Transactions;
using Basilisk.Node.Fuzzing.Inputs;
using Basilisk.Node.Fuzzing.Samples;
using Basilisk.Node.Fuzzing.Targets;

namespace Basilisk.Node.Fuzzing;

/// <summary>Every decoder of bytes that come from outside. A new one is one line here.</summary>
public static class FuzzTargets
{
    /// <summary>By name; shares follow the decoders' costs, so that each takes some of a run's time.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("rlp", FuzzForm.Rlp, 240, samples => [.. samples.Outcomes(), .. samples.Undos()], RlpDecoding.Any),
        new("header", FuzzForm.Binary, 240, samples => samples.Headers(), static (_, bytes) => FuzzVerdict.Of(HeaderCodec.Decode(bytes.Span), bytes, header => header.Encode())),
        new("transaction", FuzzForm.Rlp, 30, samples => samples.Transactions(), static (_, bytes) => FuzzVerdict.Of(Transaction.Decode(bytes.Span), bytes, transaction => transaction.Encode())),
        new("protocol-call", FuzzForm.Binary, 160, samples => samples.ProtocolCalls(), static (_, bytes) => FuzzVerdict.Of(ProtocolCall.Decode(bytes.Span), bytes, call => call.Encode())),
        new("block", FuzzForm.Rlp, 24, samples => samples.Blocks(), static (samples, bytes) => FuzzVerdict.Of(BlockCodec.Decode(bytes.Span, samples.Parameters.Caps), bytes, BlockCodec.Encode)),
        new("block-undo", FuzzForm.Rlp, 80, samples => samples.Undos(), static (_, bytes) => FuzzVerdict.Of(BlockUndo.Decode(bytes.Span), bytes, undo => undo.Encode())),
        new("round-outcome", FuzzForm.Rlp, 80, samples => samples.Outcomes(), static (_, bytes) => FuzzVerdict.Of(RoundOutcomeCodec.Decode(bytes.Span, 4), bytes, RoundOutcomeCodec.Encode)),
        new("payload", FuzzForm.Binary, 80, static _ => FuzzSamples.Payloads(), ExactDecoding.Payload),
        new("checkpoint", FuzzForm.Binary, 60, static _ => FuzzSamples.Checkpoints(), ExactDecoding.Checkpoint),
        new("corpus", FuzzForm.Binary, 100, static _ => FuzzSamples.Corpora(), ExactDecoding.Corpus),
        new("tokenizer", FuzzForm.Binary, 40, static _ => FuzzSamples.Tokenizers(), ExactDecoding.Tokenizer),
        new("keystore", FuzzForm.Json, 40, samples => samples.Keystores(), JsonDecoding.Keystore),
        new("network-file", FuzzForm.Json, 40, static _ => FuzzSamples.NetworkFiles(), JsonDecoding.NetworkFile),
        new("json-rpc", FuzzForm.Json, 50, samples => samples.RpcMessages(), ServerDecoding.JsonRpc),
        new("rest", FuzzForm.Path, 20, samples => samples.RestPaths(), ServerDecoding.Rest),
        new("chat-body", FuzzForm.Json, 25, static _ => FuzzSamples.ChatBodies(), ServerDecoding.Chat),
        new("completion-body", FuzzForm.Json, 25, static _ => FuzzSamples.CompletionBodies(), ServerDecoding.Completion),
        new("peer-frames", FuzzForm.Binary, 80, PeerDecoding.Streams, PeerDecoding.Stream),
        .. PeerDecoding.Messages(),
    ];
}
