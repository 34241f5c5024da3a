using Basilisk.Contracts.Chain;
using Basilisk.Contracts.Rounds;

namespace Basilisk.Web.Formatting;

/// <summary>How severe a badge looks. Its word always says the same, so that colour is never alone.</summary>
public enum Tone
{
    Neutral,
    Good,
    Waiting,
    Bad,
}

/// <summary>Words and tones of the contract's states.</summary>
public static class Words
{
    /// <summary>A block that a reorganisation took off.</summary>
    public static (string Text, Tone Tone) Orphaned { get; } = ("orphaned", Tone.Bad);

    public static (string Text, Tone Tone) Of(RewardState state) => state switch
    {
        RewardState.Released => ("released", Tone.Good),
        RewardState.Pending => ("pending", Tone.Waiting),
        RewardState.Expired => ("expired", Tone.Neutral),
        _ => (state.ToString(), Tone.Neutral),
    };

    public static (string Text, Tone Tone) Of(RoundState state) => state switch
    {
        RoundState.Settled => ("settled", Tone.Good),
        RoundState.Open => ("open", Tone.Waiting),
        RoundState.Empty => ("empty", Tone.Neutral),
        RoundState.Unpaid => ("moved, unpaid", Tone.Neutral),
        _ => (state.ToString(), Tone.Neutral),
    };

    /// <summary>Whether the round moved the model, and so has a confirmed gain.</summary>
    public static bool Moved(RoundState state) => state is RoundState.Settled or RoundState.Unpaid;

    public static (string Text, Tone Tone) Of(ContributionState state) => state switch
    {
        ContributionState.Accepted => ("accepted", Tone.Good),
        ContributionState.Refused => ("refused", Tone.Bad),
        ContributionState.Forfeited => ("forfeited", Tone.Bad),
        ContributionState.Open => ("open", Tone.Neutral),
        ContributionState.Committed => ("committed", Tone.Waiting),
        ContributionState.Revealed => ("revealed", Tone.Waiting),
        _ => (state.ToString(), Tone.Neutral),
    };

    public static (string Text, Tone Tone) Of(TransactionState state) => state switch
    {
        TransactionState.Confirmed => ("confirmed", Tone.Good),
        TransactionState.Pending => ("pending", Tone.Waiting),
        TransactionState.Orphaned => ("orphaned", Tone.Bad),
        _ => (state.ToString(), Tone.Neutral),
    };

    public static string Of(TransactionKind kind) => kind switch
    {
        TransactionKind.Transfer => "transfer",
        TransactionKind.Commit => "commit",
        TransactionKind.Reveal => "reveal",
        _ => kind.ToString(),
    };

    /// <summary>What happens in a phase, for a title.</summary>
    public static string Phase(string phase) => phase switch
    {
        "train" => "Miners train on the units their blocks drew and commit to the result",
        "reveal" => "Committed contributions are revealed",
        "judge" => "Every node measures the revealed contributions on fresh text",
        "settled" => "The round has ended",
        _ => phase,
    };

    /// <summary>What a node that is behind is busy with.</summary>
    public static string SyncPhase(string phase) => phase switch
    {
        "finding-peers" => "Looking for peers.",
        "headers" => "Fetching headers.",
        "snapshot" => "Fetching a snapshot.",
        "blocks" => "Catching up.",
        "judging" => "Catching up: judging a round.",
        _ => phase,
    };

    /// <summary>A kebab-case token as words: payload-index-not-ascending → payload index not ascending.</summary>
    public static string Token(string token) => token.Replace('-', ' ');
}
