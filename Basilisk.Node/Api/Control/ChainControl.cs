using Basilisk.Chain.Forks;
using Basilisk.Contracts;
using Basilisk.Contracts.Errors;
using Basilisk.Contracts.NodeStatus;
using Basilisk.Exact.Hashing;
using Basilisk.Node.Api.Rest;
using Basilisk.Node.Chainstate;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Basilisk.Node.Api.Control;

/// <summary>The operator's choice where rolling finality keeps a heavier chain out.</summary>
internal static class ChainControl
{
    public static void MapChainControl(this RouteGroupBuilder group) =>
        group.MapPost(Routes.FollowChain, FollowAsync).WithName("follow-chain");

    private static async Task<Results<Ok<FollowedChain>, NotFound<ApiError>>> FollowAsync(string? hash, ChainstateService chainstate, HttpContext context)
    {
        Hash256? wanted = hash is null ? chainstate.Headers.Conflict?.Other.Hash
            : Hash256.TryParse(hash, out Hash256 parsed) ? parsed
            : throw new BadParameterException("hash", "0x and 64 hexadecimal digits");
        if (wanted is not { } block)
        {
            return Missing(context, "No chain with more work is kept out: there is nothing to follow.");
        }

        if (chainstate.Headers.Find(block) is not { } node)
        {
            return Missing(context, $"This node has no header {block}. Connect it to a node of that chain first; `status` shows the chains that are kept out.");
        }

        await chainstate.FollowAsync(node, context.RequestAborted);
        HeaderNode best = chainstate.Headers.Best;
        return TypedResults.Ok(new FollowedChain(node.Hash.ToString(), (long)node.Height, best.Hash.ToString(), (long)best.Height));
    }

    private static NotFound<ApiError> Missing(HttpContext context, string message) =>
        TypedResults.NotFound(new ApiError(ErrorTokens.NotFound, message, context.TraceIdentifier));
}
