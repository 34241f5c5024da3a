using Basilisk.Contracts.NodeStatus;

namespace Basilisk.Web.Nodes;

/// <summary>The network's parameters. They never change while a node runs, so one answer serves every page for a minute.</summary>
public sealed class NetworkCache(IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private NetworkView? _known;
    private DateTimeOffset _until = DateTimeOffset.MinValue;

    /// <summary>The parameters, or null while the node does not answer.</summary>
    public async Task<NetworkView?> Get()
    {
        if (_known is null || time.GetUtcNow() >= _until)
        {
            await using var scope = scopes.CreateAsyncScope();
            var reply = await scope.ServiceProvider.GetRequiredService<NodeClient>().Network(CancellationToken.None);
            if (reply.Ok)
            {
                _known = reply.Value;
                _until = time.GetUtcNow() + Life;
            }
        }

        return _known;
    }
}
