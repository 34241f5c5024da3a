using Basilisk.Web.Nodes;

namespace Basilisk.Web.Search;

/// <summary>What a search came to.</summary>
/// <param name="Targets">Pages, best first.</param>
/// <param name="Problem">Set when the node could not be asked; the targets are then only what the text's shape tells.</param>
public sealed record SearchOutcome(IReadOnlyList<SearchTarget> Targets, string? Problem)
{
    /// <summary>
    /// The page to go to at once: the only one, or the block where a bare number (also a round) or a block's hash (also its
    /// work unit) was typed.
    /// </summary>
    public SearchTarget? Redirect => Targets switch
    {
        [var only] => only,
        [{ Kind: "block" } block, { Kind: "round" or "contribution" }] => block,
        _ => null,
    };
}

/// <summary>Shape first, then the node.</summary>
public sealed class Searcher(NodeClient node)
{
    public async Task<SearchOutcome> Find(string? text, CancellationToken stop)
    {
        var trimmed = (text ?? "").Trim();
        if (trimmed.Length is 0 or > SearchText.MostCharacters)
        {
            return new SearchOutcome([], null);
        }

        var local = SearchText.Classify(trimmed);
        if (local.Count > 0)
        {
            return new SearchOutcome(local, null);
        }

        var reply = await node.Search(SearchText.IsHash(trimmed) ? SearchText.WithPrefix(trimmed) : trimmed, stop);
        return reply.Ok
            ? new SearchOutcome([.. reply.Value.Select(SearchTarget.Of)], null)
            : new SearchOutcome([], reply.Kind == ReplyKind.NotFound ? null : reply.Error.Message);
    }
}
