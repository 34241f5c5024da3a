using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Node.Api.Rest;

/// <summary>What the node is doing, for the API and the terminal.</summary>
public interface INodeStatusSource
{
    NetworkView Network { get; }

    StatusView Now();
}
