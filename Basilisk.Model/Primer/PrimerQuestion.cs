using Basilisk.Exact.Tokens;

namespace Basilisk.Model.Primer;

/// <summary>One question of the primer benchmark.</summary>
/// <param name="Kind">Name of its kind, e.g. <c>addition</c>.</param>
/// <param name="Prompt">The chat up to the user's question.</param>
/// <param name="Answer">The one answer that counts as right.</param>
public sealed record PrimerQuestion(string Kind, IReadOnlyList<ChatMessage> Prompt, string Answer);

/// <summary>How many questions of a kind were answered right.</summary>
public sealed record PrimerScore(string Kind, int Right, int Asked);

/// <summary>What a model scored: per kind in the one order, and in all.</summary>
public sealed record PrimerResult(IReadOnlyList<PrimerScore> Kinds)
{
    public int Right => Kinds.Sum(score => score.Right);

    public int Asked => Kinds.Sum(score => score.Asked);
}
