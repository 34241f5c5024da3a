using System.Globalization;
using System.Text.Json.Nodes;
using Basilisk.Chain.Hashing;
using Basilisk.Node.Api.JsonRpc.Wire;
using Basilisk.Node.Chainstate;
using Basilisk.Node.Status;

namespace Basilisk.Node.Api.JsonRpc.Methods;

/// <summary>The node itself.</summary>
internal sealed class NodeMethods(ChainstateService chainstate, NodeStatus status) : IRpcMethods
{
    public IEnumerable<(string Name, RpcMethod Method)> Methods =>
    [
        ("net_version", (_, _) => Task.FromResult<RpcResult>(chainstate.Parameters.ChainId.ToString(CultureInfo.InvariantCulture))),
        ("net_peerCount", (_, _) => Task.FromResult<RpcResult>(Quantity.Of((long)status.Now().Peers))),
        ("net_listening", (_, _) => Task.FromResult<RpcResult>(true)),
        ("web3_clientVersion", (_, _) => Task.FromResult<RpcResult>($"Basilisk/v{NodeStatus.Version}/dotnet{Environment.Version}")),
        ("web3_sha3", (parameters, _) => Task.FromResult(Keccak(parameters))),
        ("eth_syncing", (_, _) => Task.FromResult<RpcResult>(false)),
        ("eth_protocolVersion", (_, _) => Task.FromResult<RpcResult>("0x44")),
        ("eth_mining", (_, _) => Task.FromResult<RpcResult>(status.Now().Mining.Active)),
        ("eth_hashrate", (_, _) => Task.FromResult<RpcResult>(Quantity.Of((long)status.Now().Mining.HashesPerSecond))),
        ("rpc_modules", (_, _) => Task.FromResult<RpcResult>(new JsonObject { ["eth"] = "1.0", ["net"] = "1.0", ["web3"] = "1.0" })),
    ];

    private static RpcResult Keccak(RpcParams parameters)
    {
        byte[] data = parameters.Bytes(0, "data");
        return parameters.Error is { } error ? error : Keccak256.Hash(data).ToString();
    }
}
