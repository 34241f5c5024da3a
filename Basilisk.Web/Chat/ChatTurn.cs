namespace Basilisk.Web.Chat;

/// <summary>How an answer stands.</summary>
public enum AnswerState
{
    Streaming,

    /// <summary>Ended by itself: the model stopped or the longest length was reached.</summary>
    Complete,

    /// <summary>Ended by the person; what came stays.</summary>
    Stopped,

    /// <summary>Ended by an error; what came stays.</summary>
    Failed,
}

/// <summary>A question and its answer.</summary>
/// <param name="Question">What the person wrote.</param>
public sealed record ChatTurn(string Question)
{
    private readonly List<string> _batches = [];

    /// <summary>The answer in the pieces it is drawn with: each is appended once and never changes.</summary>
    public IReadOnlyList<string> Batches => _batches;

    public string Answer => string.Concat(_batches);

    public AnswerState State { get; internal set; } = AnswerState.Streaming;

    public string? Problem { get; internal set; }

    /// <summary>Root of the checkpoint that answered.</summary>
    public string? ModelRoot { get; internal set; }

    /// <summary>Height from which that checkpoint is in force, where known.</summary>
    public long? Height { get; internal set; }

    /// <summary>Tokens so far; the node's own count once it gave one.</summary>
    public int Tokens { get; internal set; }

    /// <summary>From the question to the newest piece.</summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>Why it ended, in the node's word: stop or length.</summary>
    public string? FinishReason { get; internal set; }

    public double TokensPerSecond => Elapsed > TimeSpan.Zero ? Tokens / Elapsed.TotalSeconds : 0;

    internal void Append(string batch) => _batches.Add(batch);
}
