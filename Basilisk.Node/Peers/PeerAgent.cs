using Basilisk.Node.Peers.Messages;
using Basilisk.Node.Status;

namespace Basilisk.Node.Peers;

/// <summary>What the program calls itself towards peers.</summary>
internal static class PeerAgent
{
    public static string Name { get; } = Cut("basilisk/" + NodeStatus.Version);

    private static string Cut(string name) => name.Length <= Hello.AgentLength ? name : name[..Hello.AgentLength];
}
