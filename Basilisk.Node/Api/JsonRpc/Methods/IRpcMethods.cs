using Basilisk.Node.Api.JsonRpc.Wire;

namespace Basilisk.Node.Api.JsonRpc.Methods;

/// <summary>A group of methods of one concern.</summary>
internal interface IRpcMethods
{
    IEnumerable<(string Name, RpcMethod Method)> Methods { get; }
}
