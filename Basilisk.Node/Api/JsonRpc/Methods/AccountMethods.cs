using Basilisk.Chain.Primitives;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Api.Reading;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Mempool;

namespace Basilisk.Node.Api.JsonRpc.Methods;

/// <summary>Balances and nonces, at the tip and at the newest heights.</summary>
internal sealed class AccountMethods(ChainstateService chainstate, RecentViews recent, TransactionPool pool) : IRpcMethods
{
    public IEnumerable<(string Name, RpcMethod Method)> Methods =>
    [
        ("eth_getBalance", (parameters, _) => Task.FromResult(Balance(parameters))),
        ("eth_getTransactionCount", (parameters, _) => Task.FromResult(TransactionCount(parameters))),
        ("eth_getCode", (parameters, _) => Task.FromResult(Code(parameters))),
        ("eth_getStorageAt", (parameters, _) => Task.FromResult(Storage(parameters))),
        ("eth_accounts", (_, _) => Task.FromResult<RpcResult>(new System.Text.Json.Nodes.JsonArray())),
    ];

    private RpcResult Balance(RpcParams parameters)
    {
        Address address = parameters.Address(0, "address");
        BlockTag tag = parameters.Block(1);
        return parameters.Error is { } error ? error
            : ViewAt(tag, out RpcError? unavailable) is { } view ? view.State.Account(address).Balance.ToHex()
            : unavailable!;
    }

    private RpcResult TransactionCount(RpcParams parameters)
    {
        Address address = parameters.Address(0, "address");
        BlockTag tag = parameters.Block(1);
        if (parameters.Error is { } error)
        {
            return error;
        }

        if (ViewAt(tag, out RpcError? unavailable) is not { } view)
        {
            return unavailable!;
        }

        return Quantity.Of(tag.IsPending ? pool.NextNonce(view, address) : view.State.Account(address).Nonce);
    }

    private static RpcResult Code(RpcParams parameters)
    {
        parameters.Address(0, "address");
        parameters.Block(1);
        return parameters.Error is { } error ? error : "0x";
    }

    private static RpcResult Storage(RpcParams parameters)
    {
        parameters.Address(0, "address");
        return parameters.Error is { } error ? error : "0x" + new string('0', 64);
    }

    private ChainView? ViewAt(BlockTag tag, out RpcError? error)
    {
        // "safe" and "finalized" mean a height that may be older than what is held; a balance is answered at the oldest held.
        ChainView? view = tag.Height is { } height ? recent.At(height) : chainstate.Current;
        error = view is not null ? null
            : tag.Height > chainstate.Current.Height ? new RpcError(RpcCodes.InvalidInput, "header not found", "block-not-found")
            : new RpcError(RpcCodes.InvalidInput, $"historical state not available: this node answers the newest {RecentViews.Depth} heights", "historical-state-unavailable");
        return view;
    }
}
