using System.Text.Json.Serialization;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.State;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Node.Chainstate;

namespace Basilisk.Node.Cli;

/// <summary>The last line of <c>basilisk up --json</c>. Gains and losses are nats per token; amounts BSK of the whole chain.</summary>
public sealed record Summary(
    [property: JsonPropertyName("event")] string Event,
    [property: JsonPropertyName("height")] long Height,
    [property: JsonPropertyName("rounds_settled")] long RoundsSettled,
    [property: JsonPropertyName("gain_nats")] double GainNats,
    [property: JsonPropertyName("credits_nats")] double CreditsNats,
    [property: JsonPropertyName("released_bsk")] decimal ReleasedBsk,
    [property: JsonPropertyName("pending_bsk")] decimal PendingBsk,
    [property: JsonPropertyName("tokens_trained")] long TokensTrained,
    [property: JsonPropertyName("loss_start")] double? LossStart,
    [property: JsonPropertyName("loss_now")] double? LossNow,
    [property: JsonPropertyName("state_root")] string StateRoot,
    [property: JsonPropertyName("model_root")] string ModelRoot,
    [property: JsonPropertyName("errors")] int Errors,
    [property: JsonPropertyName("training_busy")] double TrainingBusy)
{
    public static Summary Of(ChainView view, ChainFacts facts, StatusView status, int errors)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(status);
        ChainRecord chain = view.State.Chain;
        ulong rewardsAhead = view.State.Height - chain.Released - chain.Expired;
        return new Summary(
            "summary",
            view.Height,
            view.Totals.Settled,
            facts.NatsOnConfirmation(view.Totals.Gain),
            facts.NatsOnConfirmation(view.Totals.Credit),
            Bsk(view.State.Parameters.Rewards.Reward * chain.Released),
            Bsk(view.State.Parameters.Rewards.Reward * rewardsAhead),
            status.Training.TokensTotal,
            view.Totals.HoldoutFirst is { } first ? facts.NatsOnHoldout(first) : null,
            view.Totals.HoldoutNow is { } now ? facts.NatsOnHoldout(now) : null,
            view.State.Root.ToString(),
            view.State.ModelRoot.ToString(),
            errors,
            Math.Round(status.Training.BusyShare, 3));
    }

    private static decimal Bsk(UInt256 wei) => (decimal)(System.Numerics.BigInteger)wei / 1_000_000_000_000_000_000m;
}
